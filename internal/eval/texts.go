package eval

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"because"
)

// A TextRow is one written explanation and what is known beside it. Only the prediction is needed.
type TextRow struct {
	User, Item               string
	Title                    string // the item's name
	Prediction, Reference    string
	Evidence                 string // all of it, one text
	UserProfile, ItemProfile string
	Features                 []string // that the record states
	Rating, PredictedRating  float64  // NaN when not given
}

// TextOptions say how texts are measured.
type TextOptions struct {
	Lang         because.Lang
	Seed         uint64
	Derangements int      // 0 means 100
	Sample       int      // rows that discriminators, language models and self-BLEU see; 0 means 5000, of which self-BLEU takes 1000
	Features     []string // the feature set, beside what rows state
}

// Texts gathers explanations of one language and measures them. What it keeps of a row is a few hundred numbers.
type Texts struct {
	o        TextOptions
	families []Family // the first is the one that controls use
	index    index
	rows     []textRow
	scores   [][]familyScores // per family, of each row with a reference
	unique   map[string]bool
	features *Features
	ratings  [2][]float64 // predicted, true
	users    interner
	items    interner
	sample   []sampled
	rng      *rand.Rand // of the sample
}

// An index numbers words and pairs of neighbours over all texts.
type index struct {
	ids   interner
	names []string
	bags  bags
}

// of numbers the tokens of a text.
func (x *index) of(tokens []string) []int32 {
	out := x.ids.of(tokens)
	for i, id := range out {
		if int(id) == len(x.names) {
			x.names = append(x.names, tokens[i])
		}
	}
	return out
}

// say is numbered tokens as a text.
func (x *index) say(tokens []int32, between string) string {
	words := make([]string, len(tokens))
	for i, id := range tokens {
		words[i] = x.names[id]
	}
	return strings.Join(words, between)
}

type textRow struct {
	user, item                          int32 // −1 when not given
	text, ref                           []int32
	hasRef                              bool
	itemProfile, userProfile, evidenced []int32
}

type familyScores struct {
	bleu       BLEU
	r1, r2, rl PRF
}

// sampled is a row that is kept whole.
type sampled struct {
	row   int
	pair  pair
	given *Grounded // nil where the row states nothing beside the text
}

// NewTexts measures texts of one language: English as the public code does, Chinese by words and by characters.
func NewTexts(o TextOptions) *Texts {
	if o.Derangements == 0 {
		o.Derangements = 100
	}
	if o.Sample == 0 {
		o.Sample = 5000
	}
	t := &Texts{
		o: o, families: []Family{XRec, PEPLER, PETER}, index: index{ids: interner{}, bags: bags{}}, unique: map[string]bool{},
		features: NewFeatures(o.Features...), users: interner{}, items: interner{}, rng: rand.New(rand.NewPCG(o.Seed, 0x5a)),
	}
	if o.Lang == because.Chinese {
		t.families = []Family{Words, Chars}
	}
	t.scores = make([][]familyScores, len(t.families))
	return t
}

// Len is the number of texts.
func (t *Texts) Len() int { return len(t.rows) }

// Add measures one row. A row without a reference counts where none is needed.
func (t *Texts) Add(r TextRow) {
	main := t.families[0]
	tokens := main.Tokens(r.Prediction)
	row := textRow{user: -1, item: -1, text: t.index.of(tokens), hasRef: strings.TrimSpace(r.Reference) != ""}
	if r.User != "" {
		row.user = t.users.id(r.User)
	}
	if r.Item != "" {
		row.item = t.items.id(r.Item)
	}
	t.unique[strings.Join(tokens, "\x00")] = true
	if row.hasRef {
		row.ref = t.index.of(main.Tokens(r.Reference))
		for i, f := range t.families {
			if f.Name != PETER.Name { // which wants to know all references first
				t.scores[i] = append(t.scores[i], t.score(f, f.Tokens(r.Prediction), f.Tokens(r.Reference)))
			}
		}
	}
	row.itemProfile = t.index.of(main.Tokens(lowerFirst(r.ItemProfile)))
	row.userProfile = t.index.of(main.Tokens(lowerFirst(r.UserProfile)))
	row.evidenced = t.index.of(main.Tokens(lowerFirst(r.Evidence)))
	t.addFeatures(r)
	if !math.IsNaN(r.Rating) && !math.IsNaN(r.PredictedRating) {
		t.ratings[0], t.ratings[1] = append(t.ratings[0], r.PredictedRating), append(t.ratings[1], r.Rating)
	}
	t.rows = append(t.rows, row)
	t.keep(r)
}

// addFeatures looks for features in tokens whose punctuation is set off, which pre-tokenised text is left by.
func (t *Texts) addFeatures(r TextRow) {
	f := PEPLER
	if t.o.Lang == because.Chinese {
		f = Words
	}
	if len(r.Features) > 0 {
		t.features.Add(f.Tokens(r.Prediction), r.Features)
	}
}

// keep puts a row into the sample by reservoir sampling, so that each row is as likely as any other to stay.
func (t *Texts) keep(r TextRow) {
	at := len(t.sample)
	if at < t.o.Sample {
		t.sample = append(t.sample, sampled{})
	} else if at = t.rng.IntN(len(t.rows)); at >= t.o.Sample {
		return
	}
	t.sample[at] = sampled{row: len(t.rows) - 1, pair: pair{kept(r.Prediction), kept(r.Reference)}}
	if g, ok := r.given(); ok {
		t.sample[at].given = &g
	}
}

// kept is what the sample keeps of a text: no blanks around it, which would tell its source, and at most 8 KiB.
func kept(s string) string {
	s = strings.TrimSpace(s)
	return strings.Clone(strings.ToValidUTF8(s[:min(8<<10, len(s))], ""))
}

func (t *Texts) score(f Family, hyp, ref []string) familyScores {
	a, b := t.index.of(hyp), t.index.of(ref)
	s := familyScores{bleu: CountBLEU(a, b)}
	a, b = t.index.of(f.rougeTokens(hyp)), t.index.of(f.rougeTokens(ref))
	s.r1, s.r2, s.rl = ROUGE(1, a, b), ROUGE(2, a, b), ROUGEL(a, b)
	return s
}

// Report measures what was added.
func (t *Texts) Report(ctx context.Context) (TextReport, error) {
	slices.SortFunc(t.sample, func(a, b sampled) int { return a.row - b.row })
	out := TextReport{Lang: t.o.Lang, Rows: len(t.rows), Users: len(t.users), Items: len(t.items), USN: len(t.unique)}
	out.USR = ratio(float64(out.USN), float64(out.Rows))
	texts, refs, words, realWords := [][]int32(nil), [][]int32(nil), 0, 0
	for _, r := range t.rows {
		texts, words = append(texts, r.text), words+len(r.text)
		if r.hasRef {
			refs, realWords = append(refs, r.ref), realWords+len(r.ref)
		}
	}
	out.References = len(refs)
	out.Length, out.ReferenceLength = ratio(float64(words), float64(out.Rows)), ratio(float64(realWords), float64(len(refs)))
	out.Opening, out.RealOpening = t.opening(texts), t.opening(refs)
	if t.features.rows > 0 {
		out.Features = &FeatureScores{t.features.Size(), t.features.FMR(), t.features.FCR(), t.features.DIV()}
	}
	if x := t.ratings; len(x[0]) > 0 {
		out.Ratings = &RatingScores{Rows: len(x[0])}
		out.Ratings.RMSE, out.Ratings.MAE = RatingErrors(x[0], x[1], slices.Min(x[1]), slices.Max(x[1]))
	}
	t.truth(&out)
	t.likeness(&out)
	if err := ctx.Err(); err != nil || len(refs) == 0 {
		return out, err
	}
	return out, t.compare(ctx, &out)
}

// compare measures what needs references.
func (t *Texts) compare(ctx context.Context, out *TextReport) error {
	t.scorePETER()
	c := newComparison(t)
	c.families(out)
	for _, measure := range []func(context.Context, *TextReport) error{c.margin, c.controls, c.swaps} {
		if err := measure(ctx, out); err != nil {
			return err
		}
	}
	c.fill()
	return nil
}

// scorePETER scores under the words that are frequent in the references.
func (t *Texts) scorePETER() {
	i := slices.IndexFunc(t.families, func(f Family) bool { return f.Name == PETER.Name })
	if i < 0 || len(t.scores[i]) > 0 {
		return
	}
	count := map[int32]int{}
	var order []int32
	for _, r := range t.rows {
		for _, id := range r.ref {
			if count[id]++; count[id] == 1 {
				order = append(order, id)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return count[b] - count[a] })
	vocab := Vocabulary{}
	for _, id := range order[:min(vocabularySize, len(order))] {
		vocab[t.index.names[id]] = true
	}
	for _, r := range t.rows {
		if r.hasRef {
			words := func(ids []int32) []string { return vocab.Tokens(t.index.say(ids[:min(15, len(ids))], " ")) }
			t.scores[i] = append(t.scores[i], t.score(t.families[i], words(r.text), words(r.ref)))
		}
	}
}

// openingLength is how many tokens an opening has.
const openingLength = 5

// opening is the commonest first five tokens.
func (t *Texts) opening(texts [][]int32) *Opening {
	count := map[[openingLength]int32]int{}
	var first [openingLength]int32
	for _, x := range texts {
		if len(x) >= openingLength {
			k := [openingLength]int32(x[:openingLength])
			if count[k]++; count[k] > count[first] {
				first = k
			}
		}
	}
	if len(count) == 0 {
		return nil
	}
	return &Opening{Text: t.index.say(first[:], t.between()), Share: ratio(float64(count[first]), float64(len(texts)))}
}

// between is what stands between two tokens.
func (t *Texts) between() string {
	if t.o.Lang == because.Chinese {
		return ""
	}
	return " "
}
