package engine

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"because"
	"because/internal/eval"
)

// notNumber marks a rating that is not given.
var notNumber = math.NaN()

// A textColumn is a column of ours and the names that others give it, ours first.
type textColumn struct {
	ours  string
	names []string
}

var textColumns = []textColumn{
	{"user", []string{"user", "user_id", "userid", "uid", "reader", "用户", "用户id", "用户编号"}},
	{"item", []string{"item", "item_id", "itemid", "iid", "asin", "business_id", "product_id", "物品", "物品id", "商品", "商品id", "商品编号"}},
	{"title", []string{"title", "item_name", "item_title", "标题", "商品名称", "名称"}},
	{"prediction", []string{"prediction", "pred", "predicted", "generated", "generated_text", "generation", "output", "hypothesis", "explanation", "text", "预测", "生成", "生成文本", "解释", "推荐理由", "理由"}},
	{"reference", []string{"reference", "ref", "references", "target", "gold", "ground_truth", "groundtruth", "label", "参考", "参考文本", "标准答案"}},
	{"evidence", []string{"evidence", "依据", "证据"}},
	{"user_profile", []string{"user_profile", "userprofile", "user_summary", "用户画像"}},
	{"item_profile", []string{"item_profile", "itemprofile", "item_summary", "item_description", "物品画像", "商品画像"}},
	{"features", []string{"features", "feature", "aspects", "aspect", "特征"}},
	{"rating", []string{"rating", "评分"}},
	{"predicted_rating", []string{"predicted_rating", "rating_pred", "pred_rating", "预测评分"}},
}

// judgeColumns are those of a file that holds, or may be given, scores of judges.
var judgeColumns = append(textColumns[:len(textColumns):len(textColumns)],
	textColumn{"id", []string{"id", "row", "row_id", "行", "编号"}},
	textColumn{"system", []string{"system", "model", "系统", "模型"}},
	textColumn{"scores", []string{"scores", "judge_scores", "评委分数"}},
	textColumn{"judge", []string{"judge", "evaluator", "评委"}},
	textColumn{"score", []string{"score", "judge_score", "分数", "得分"}},
)

// names are the names of our columns.
func (t *textRows) names() []string {
	var out []string
	for _, c := range t.columnsOf {
		out = append(out, c.ours)
	}
	return out
}

// A textRow is one line of a file of explanations.
type textRow struct {
	eval.TextRow
	line int

	id, system string
	scores     map[string][]float64 // by judge; NaN where it gave none
	judge      string               // whose score the row holds, where each has a row of its own
	score      float64              // NaN when not given
}

// longestLine is how many bytes a row may have.
const longestLine = 16 << 20

// textRows reads JSON lines, packed by gzip or not.
type textRows struct {
	columnsOf []textColumn
	needs     string // the column that every row must have; empty for none

	name  string
	lines *bufio.Scanner
	line  int
	bytes int
	asked map[string]string // a column of theirs, folded -> ours, as the caller said
	found map[string]string // ours -> theirs
	known map[string]string // theirs as written -> ours, "" for none
}

func newTextRows(r io.Reader, o TextsOptions) (*textRows, error) {
	t := &textRows{columnsOf: textColumns, needs: "prediction", name: o.Name, asked: map[string]string{}, found: map[string]string{}, known: map[string]string{}}
	return t, t.begin(r, o.Map)
}

// newJudgeRows reads rows that hold scores, or texts that judges may be asked about.
func newJudgeRows(r io.Reader, name string, columns map[string]string) (*textRows, error) {
	t := &textRows{columnsOf: judgeColumns, name: name, asked: map[string]string{}, found: map[string]string{}, known: map[string]string{}}
	return t, t.begin(r, columns)
}

// begin notes which columns the caller named and unpacks the file.
func (t *textRows) begin(r io.Reader, columns map[string]string) error {
	for ours, theirs := range columns {
		if !slices.Contains(t.names(), ours) {
			return because.Errorf(because.ErrInvalid, "There is no field %q to map a column to. Fields: %s.", ours, strings.Join(t.names(), ", "))
		}
		t.asked[foldColumn(theirs)] = ours
	}
	counted := &countingReader{r: r, n: &t.bytes}
	plain := bufio.NewReader(counted)
	if head, _ := plain.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(plain)
		if err != nil {
			return t.unreadable(err)
		}
		plain = bufio.NewReader(z)
	}
	if head, _ := plain.Peek(3); bytes.Equal(head, []byte("\ufeff")) {
		plain.Discard(3)
	}
	t.lines = bufio.NewScanner(plain)
	t.lines.Buffer(nil, longestLine)
	return nil
}

// A countingReader counts what is read.
type countingReader struct {
	r io.Reader
	n *int
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.n += n
	return n, err
}

func (t *textRows) unreadable(err error) error {
	return because.Errorf(because.ErrInvalid, "%s cannot be read after line %d: %s", t.name, t.line, err.Error())
}

// next is the next row, io.EOF after the last.
func (t *textRows) next() (textRow, error) {
	for t.lines.Scan() {
		t.line++
		line := bytes.TrimSpace(t.lines.Bytes())
		if len(line) == 0 {
			continue
		}
		return t.row(line)
	}
	switch err := t.lines.Err(); {
	case err == nil:
		return textRow{}, io.EOF
	case errors.Is(err, bufio.ErrTooLong):
		return textRow{}, because.Errorf(because.ErrInvalid, "Line %d of %s is longer than 16 MB. Write one row a line.", t.line+1, t.name)
	case errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF):
		return textRow{}, t.unreadable(err)
	default:
		return textRow{}, fmt.Errorf("read %s: %w", t.name, err)
	}
}

func (t *textRows) row(line []byte) (textRow, error) {
	row := textRow{line: t.line, score: notNumber, TextRow: eval.TextRow{Rating: notNumber, PredictedRating: notNumber}}
	if !utf8.Valid(line) {
		return row, because.Errorf(because.ErrInvalid, "Line %d of %s is not UTF-8. Convert the file first: iconv -f GB18030 -t UTF-8", t.line, t.name)
	}
	var cells map[string]json.RawMessage
	if err := json.Unmarshal(line, &cells); err != nil || cells == nil {
		if line[0] == '[' {
			return row, because.Errorf(because.ErrInvalid, "Line %d of %s begins a JSON array. Write one object a line: jq -c '.[]' FILE", t.line, t.name)
		}
		return row, because.Errorf(because.ErrInvalid, "Line %d of %s is not a JSON object. Each line must be one, with at least a prediction.", t.line, t.name)
	}
	if err := t.columns(cells); err != nil {
		return row, err
	}
	for _, c := range t.columnsOf { // in a fixed order, so that of two bad cells the same is named every time
		if err := t.cell(&row, c.ours, t.found[c.ours], cells[t.found[c.ours]]); err != nil {
			return row, err
		}
	}
	return row, nil
}

// unseen reports a column that the caller named and no row has.
func (t *textRows) unseen() error {
	for _, theirs := range slices.Sorted(maps.Keys(t.asked)) {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(t.known)), func(name string) bool { return foldColumn(name) == theirs }) {
			names := slices.Sorted(maps.Keys(t.known))
			return because.Errorf(because.ErrInvalid, "There is no column %q in %s. Its columns are: %s.", theirs, t.name, strings.Join(names, ", "))
		}
	}
	return nil
}

// columns finds ours among those of a row; each row may have others.
func (t *textRows) columns(cells map[string]json.RawMessage) error {
	stale := false
	for name := range cells {
		if _, ok := t.known[name]; !ok {
			t.known[name] = t.ours(name)
			stale = true
		}
	}
	if stale {
		t.choose()
	}
	if t.needs == "" {
		return nil
	}
	if theirs, ok := t.found[t.needs]; ok {
		if _, has := cells[theirs]; has {
			return nil
		}
	}
	names := strings.Join(slices.Sorted(maps.Keys(cells)), ", ")
	for theirs, ours := range t.asked {
		if ours == "prediction" {
			return because.Errorf(because.ErrInvalid, "Line %d of %s has no column %q. Its columns are: %s.", t.line, t.name, theirs, names)
		}
	}
	return because.Errorf(because.ErrInvalid, "Line %d of %s has no column prediction. Its columns are: %s. Name the one that holds the texts: --map prediction=<column>", t.line, t.name, names)
}

// ours is the column of ours that a name of theirs means, "" for none. Where the caller said which column is ours, no
// other is.
func (t *textRows) ours(name string) string {
	folded := foldColumn(name)
	if ours, ok := t.asked[folded]; ok {
		return ours
	}
	for _, c := range t.columnsOf {
		if slices.Contains(c.names, folded) && !slices.Contains(slices.Collect(maps.Values(t.asked)), c.ours) {
			return c.ours
		}
	}
	return ""
}

// choose takes, of several names for a column, the one that is listed first.
func (t *textRows) choose() {
	clear(t.found)
	for _, c := range t.columnsOf {
		best := len(c.names) + 1
		for _, theirs := range slices.Sorted(maps.Keys(t.known)) {
			if t.known[theirs] != c.ours {
				continue
			}
			if i := slices.Index(c.names, foldColumn(theirs)); i < best {
				t.found[c.ours], best = theirs, i
			}
		}
	}
}

// foldColumn is a column's name for comparison: User ID, user-id and user_id are one.
func foldColumn(s string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(s)))
}

func (t *textRows) cell(row *textRow, ours, theirs string, raw json.RawMessage) (err error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	switch ours {
	case "user":
		row.User, err = t.id(theirs, raw)
	case "item":
		row.Item, err = t.id(theirs, raw)
	case "title":
		row.Title, err = t.id(theirs, raw)
	case "prediction":
		row.Prediction, err = t.text(theirs, raw)
	case "reference":
		row.Reference, err = t.text(theirs, raw)
	case "evidence":
		row.Evidence, err = t.texts(theirs, raw, " ")
	case "user_profile":
		row.UserProfile, err = t.texts(theirs, raw, " ")
	case "item_profile":
		row.ItemProfile, err = t.texts(theirs, raw, " ")
	case "features":
		var all string
		all, err = t.texts(theirs, raw, "\x00")
		row.Features = slices.DeleteFunc(strings.Split(all, "\x00"), func(s string) bool { return s == "" })
	case "rating":
		row.Rating, err = t.number(theirs, raw)
	case "predicted_rating":
		row.PredictedRating, err = t.number(theirs, raw)
	case "id":
		row.id, err = t.id(theirs, raw)
	case "system":
		row.system, err = t.id(theirs, raw)
	case "judge":
		row.judge, err = t.id(theirs, raw)
	case "score":
		row.score, err = t.number(theirs, raw)
	case "scores":
		row.scores, err = t.judged(theirs, raw)
	}
	return err
}

// id is an ID: a string or a number as written.
func (t *textRows) id(column string, raw json.RawMessage) (string, error) {
	switch raw[0] {
	case '"':
		return t.text(column, raw)
	case '{', '[':
		return "", because.Errorf(because.ErrInvalid, "Line %d of %s: %s must be a name or a number.", t.line, t.name, column)
	}
	return string(raw), nil
}

func (t *textRows) text(column string, raw json.RawMessage) (string, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", because.Errorf(because.ErrInvalid, "Line %d of %s: %s must be a text in quotes.", t.line, t.name, column)
	}
	return s, nil
}

// texts is a text, or a list of texts or of objects that have one, put together.
func (t *textRows) texts(column string, raw json.RawMessage, between string) (string, error) {
	if raw[0] == '"' {
		return t.text(column, raw)
	}
	var parts []json.RawMessage
	if raw[0] == '{' {
		parts = []json.RawMessage{raw}
	} else if json.Unmarshal(raw, &parts) != nil {
		return "", because.Errorf(because.ErrInvalid, "Line %d of %s: %s must be a text or a list of texts.", t.line, t.name, column)
	}
	var out []string
	for _, p := range parts {
		var s string
		var with struct{ Text string }
		if json.Unmarshal(p, &s) != nil {
			if json.Unmarshal(p, &with) != nil || with.Text == "" {
				return "", because.Errorf(because.ErrInvalid, "Line %d of %s: %s must be a text or a list of texts.", t.line, t.name, column)
			}
			s = with.Text
		}
		out = append(out, s)
	}
	return strings.Join(out, between), nil
}

// judged are scores by judge, {"judge": [1, 2]} or {"judge": 1}, or a list of one judge's without a name.
func (t *textRows) judged(column string, raw json.RawMessage) (map[string][]float64, error) {
	by := map[string]json.RawMessage{}
	if raw[0] != '{' {
		by[column] = raw
	} else if err := json.Unmarshal(raw, &by); err != nil {
		by = nil
	}
	out := map[string][]float64{}
	for judge, cell := range by {
		var list []*float64
		var one *float64
		switch {
		case json.Unmarshal(cell, &list) == nil:
		case json.Unmarshal(cell, &one) == nil:
			list = []*float64{one}
		default:
			by = nil
		}
		for _, x := range list {
			if x == nil {
				out[judge] = append(out[judge], notNumber)
			} else {
				out[judge] = append(out[judge], *x)
			}
		}
	}
	if by == nil {
		return nil, because.Errorf(because.ErrInvalid, "Line %d of %s: %s must hold numbers by judge, such as {\"judge\": [70, 65]}.", t.line, t.name, column)
	}
	return out, nil
}

func (t *textRows) number(column string, raw json.RawMessage) (float64, error) {
	v, err := strconv.ParseFloat(strings.Trim(string(raw), `"`), 64)
	if err != nil {
		return notNumber, because.Errorf(because.ErrInvalid, "Line %d of %s: %s must be a number.", t.line, t.name, column)
	}
	return v, nil
}
