package recommend

// A Model ranks. It never changes once fitted or loaded, and is safe for concurrent use.
type Model struct {
	saved
	version  string
	asks     func(domain, text string) []Ask
	repeat   map[string]bool
	read     *wantCache
	byPeople [][]int32 // by category: its items, those with most people first
}

// saved is what a model is made of: slices only, so that the same model is always the same bytes.
type saved struct {
	Items      *catalogue
	Scale      scale
	End        int64 // Unix seconds of the newest interaction
	Zone       int   // seconds east of UTC that the interactions' times were in
	Meetings   []meeting
	Repeat     []string // sorted
	Popularity popularity
	Taste      taste
	Asking     asking
	Context    contexts
	Neighbours neighbours
	Dense      dense
	Weights    [][]float64 // [domain][part], at least 0
	People     people
	Numbers    []namedNumber // metrics
}

type namedNumber struct {
	Name  string
	Value float64
}

// meeting is a Meeting of one domain, resolved.
type meeting struct {
	Meeting
	Domain int32
}

// link completes a model that was fitted or loaded.
func (m *Model) link() {
	m.repeat, m.read, m.byPeople = map[string]bool{}, &wantCache{}, m.saved.People.byCategory(m.Items)
	for _, c := range m.Repeat {
		m.repeat[c] = true
	}
}

// WithAsks is m with another way to read needs and searches: the function of Options is not saved with a model.
func (m *Model) WithAsks(asks func(domain, text string) []Ask) *Model {
	c := *m
	c.asks, c.read = asks, &wantCache{}
	return &c
}

// Metrics are ndcg@10 and recall@20 on interactions that were held out while the blend was fitted, and popularity's
// beside them. Empty when there were too few.
func (m *Model) Metrics() map[string]float64 {
	out := map[string]float64{}
	for _, n := range m.Numbers {
		out[n.Name] = n.Value
	}
	return out
}

// A part is one ranker's share in the blend. fill and causes must agree: the causes of an item add up to its value.
type part struct {
	ranker string
	prior  float64 // weight before anything is known
	fill   func(s *state, out []float64)
	causes func(s *state, item int32, yield func(name string, value float64))
}

// parts are all parts of the blend. Those that name properties come before those that name items of the history: their
// weights are fitted first, so that a score is put down to properties as far as these explain it.
var parts = []part{
	{"popularity", .5, fillPopularity, causePopularity},
	{"popularity", .2, fillTrend, causeTrend},
	{"popularity", .2, fillRecency, causeRecency},
	{"content", .7, fillCategory, causeCategory},
	{"content", .7, fillWords, causeWords},
	{"content", .7, fillNumbers, causeNumbers},
	{"content", .7, fillPrice, causePrice},
	{"context", .7, fillContext, causeContext},
	{"profile", 1, fillProfile, causeProfile},
	{"search", 1, fillSearch, causeSearch},
	{"content", .3, fillText, causeText},
	{"neighbours", 1, fillNeighbours, causeNeighbours},
	{"ease", 1, fillDense, causeDense},
}

const (
	firstTaste = 3  // index in parts of the first one that is about the reader
	firstItem  = 10 // index in parts of the first one that names items of the history
)

// priorWeights are the weights of parts before anything is known.
func priorWeights() []float64 {
	out := make([]float64, len(parts))
	for p := range parts {
		out[p] = parts[p].prior
	}
	return out
}
