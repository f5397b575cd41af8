package eval

import "because"

// A TextReport measures the texts of one language. BLEU, ROUGE and what is made of them are in percent, as papers print
// them; shares are in [0, 1]. Intervals are over readers where rows name them, else over rows.
type TextReport struct {
	Lang       because.Lang `json:"lang"`
	Rows       int          `json:"rows"`
	References int          `json:"references"` // rows that have one
	Users      int          `json:"users"`      // different ones; 0 when rows name none
	Items      int          `json:"items"`

	Length          float64  `json:"length"` // mean tokens of a text, of the first family
	ReferenceLength float64  `json:"reference_length"`
	USR             float64  `json:"usr"` // share of different texts
	USN             int      `json:"usn"` // number of different texts
	Opening         *Opening `json:"opening,omitempty"`
	RealOpening     *Opening `json:"reference_opening,omitempty"`

	Families       []FamilyScores   `json:"families,omitempty"`
	Margin         *Margin          `json:"margin,omitempty"`
	Controls       []*Control       `json:"controls,omitempty"`
	Swaps          []*Swap          `json:"swaps,omitempty"`
	Histogram      *Histogram       `json:"histogram,omitempty"`
	Features       *FeatureScores   `json:"features,omitempty"`
	Ratings        *RatingScores    `json:"ratings,omitempty"`
	Truth          *Truth           `json:"truth,omitempty"`
	Entailment     *Entailment      `json:"entailment,omitempty"` // by an endpoint; nil where none was asked
	Diversity      []Diversity      `json:"diversity,omitempty"`
	Surprise       []Surprise       `json:"surprise,omitempty"`
	Discriminators []Discrimination `json:"discriminators,omitempty"`
}

// An Opening is the commonest first five tokens of texts.
type Opening struct {
	Text  string  `json:"text"`
	Share float64 `json:"share"` // of the texts that start so
}

// FamilyScores are the scores of one family of public code.
type FamilyScores struct {
	Family string   `json:"family"`
	BLEU1  Interval `json:"bleu_1"`
	BLEU4  Interval `json:"bleu_4"`
	R1P    Interval `json:"rouge_1_p"`
	R1R    Interval `json:"rouge_1_r"`
	R1F    Interval `json:"rouge_1_f"`
	R2P    Interval `json:"rouge_2_p"`
	R2R    Interval `json:"rouge_2_r"`
	R2F    Interval `json:"rouge_2_f"`
	RLP    Interval `json:"rouge_l_p"`
	RLR    Interval `json:"rouge_l_r"`
	RLF    Interval `json:"rouge_l_f"`
}

// A Margin is what is left of a score when the references of other rows are taken away from it.
type Margin struct {
	Derangements int      `json:"derangements"`
	Own          Interval `json:"own"`      // ROUGE-1 F against the own reference
	Shuffled     Interval `json:"shuffled"` // mean over the derangements
	Margin       Interval `json:"margin"`   // own − shuffled
	Low          float64  `json:"low"`      // the lowest and highest mean of any one derangement
	High         float64  `json:"high"`
	Own2         Interval `json:"own_2"` // the same in ROUGE-2 F
	Shuffled2    Interval `json:"shuffled_2"`
	Margin2      Interval `json:"margin_2"`
}

// A Control is a text that needs no model, scored as if it were one's output. What it takes from references it takes
// from the other half of the readers.
type Control struct {
	Name   string    `json:"name"`           // opening, constant, item, user, evidence
	Text   string    `json:"text,omitempty"` // what it says to everybody, or the first row's
	R1     Interval  `json:"rouge_1_f"`
	R2     Interval  `json:"rouge_2_f"`
	Margin *Interval `json:"margin,omitempty"` // own − shuffled, in ROUGE-1 F; none where all rows say the same
	Lead   Interval  `json:"lead"`             // of the file's texts over the control, row by row, in ROUGE-1 F
}

// A Swap scores, against a row's reference, texts that were written for somebody or something else.
type Swap struct {
	Name    string   `json:"name"` // user: another user's text for the same item; item: the same user's for another item
	Rows    int      `json:"rows"` // that have such a text
	Own     Interval `json:"own"`
	Swapped Interval `json:"swapped"`
	Loss    Interval `json:"loss"` // own − swapped
}

// A Histogram counts rows by ROUGE-1 F, in steps of five points.
type Histogram struct {
	Own      [20]int `json:"own"`
	Shuffled [20]int `json:"shuffled"` // of one derangement
}

// FeatureScores are the feature measures over the rows that state features.
type FeatureScores struct {
	Features int     `json:"features"` // in the feature set
	FMR      float64 `json:"fmr"`
	FCR      float64 `json:"fcr"`
	DIV      float64 `json:"div"`
}

// RatingScores are the errors of predicted ratings, clipped to the range of the true ones.
type RatingScores struct {
	Rows int     `json:"rows"`
	RMSE float64 `json:"rmse"`
	MAE  float64 `json:"mae"`
}

// A Diversity compares the variety of written texts with that of as many references of the same rows.
type Diversity struct {
	Family  string   `json:"family"`
	Texts   int      `json:"texts"` // sampled
	Written Variety  `json:"written"`
	Real    *Variety `json:"references,omitempty"`
}

// Variety is how much texts differ from each other.
type Variety struct {
	Distinct1 float64  `json:"distinct_1"`
	Distinct2 float64  `json:"distinct_2"`
	SelfBLEU  Interval `json:"self_bleu_4"` // in percent
}

// A Surprise says how well small language models of either side foretell the other, as perplexities over one vocabulary
// on readers that no model has seen.
type Surprise struct {
	Family  string   `json:"family"`
	Train   int      `json:"train"` // texts
	Test    int      `json:"test"`
	Forward Interval `json:"forward"` // learned from references, reading written texts: low is bland
	Reverse Interval `json:"reverse"` // learned from written texts, reading references: high is narrow or strange
	Real    Interval `json:"real"`    // learned from references, reading references: what reverse would be at best
}

// A Discrimination is how often a discriminator made for the occasion tells written texts from references of readers
// that it has not seen; .5 is chance.
type Discrimination struct {
	Sees     string   `json:"sees"`  // words or characters
	Train    int      `json:"train"` // texts, half of them written
	Test     int      `json:"test"`
	Accuracy Interval `json:"accuracy"`
}
