package evidence

import (
	"testing"
	"testing/fstest"
	"time"

	"because"
	"because/internal/pack"
)

// watches is a hand-made domain.
const watches = `
domain: watches
version: "1"
label: {zh: 手表, en: Watches}
address: 你
it: {zh: [这块], en: [this one]}
kinds:
  bought: {consent: history}
  carted: {consent: history}
  viewed: {consent: history}
  rated: {consent: history}
  searched: {consent: search}
  habit: {consent: history, min_count: 3}
  shared: {consent: history, min_count: 2}
  profile: {consent: interests}
  context: {consent: history, min_count: 3}
  fit: {consent: history}
  price: {consent: history}
  versus: {consent: history}
  neighbours: {consent: history, min_count: 20}
  popular: {min_count: 20}
  trend: {ttl_hours: 72}
  new: {ttl_hours: 720}
consents:
  history: {label: {zh: 记录, en: History}, default: true}
  search: {label: {zh: 搜索, en: Searches}, default: true}
  interests: {label: {zh: 兴趣, en: Interests}, default: false}
  health: {label: {zh: 健康, en: Health}, default: false}
fields:
  category: {label: {zh: 品类, en: kind}, weight: 0.5}
  battery:
    label: {zh: 续航, en: battery life}
    unit: d
    better: more
    weight: 0.9
    strong: 10
    weak_at: 3
    weak: {zh: ["续航只有{value}"], en: ["runs only {value}"]}
    asks: {zh: [续航长, 长续航], en: [long battery]}
  weight:
    label: {zh: 重量, en: weight}
    unit: g
    better: less
    weight: 0.7
    weak: {zh: ["偏沉，{value}"], en: ["is heavy at {value}"]}
    asks: {zh: [轻便], en: [light]}
  material: {label: {zh: 用料, en: material}, weight: 0.6, asks: {zh: [用料], en: [made of]}}
  gps:
    label: {zh: GPS, en: GPS}
    weight: 0.6
    lack: {zh: [没有 GPS], en: [has no GPS]}
    asks: {zh: [GPS, 定位], en: [GPS]}
profile:
  interests: {label: {zh: 想看的, en: interests}, consent: interests, meets: {field: category, how: overlaps}}
  budget: {label: {zh: 预算, en: budget}, consent: interests, meets: {field: price, how: at_most}}
  condition: {label: {zh: 身体情况, en: condition}, consent: health, sensitive: true, meets: {field: material, how: overlaps}}
series:
  price: {label: {zh: 价格, en: price}, unit: CNY, days: 30}
  score: {label: {zh: 评分, en: score}, unit: point, days: 90}
  joined: {label: {zh: 参加人数, en: people taking part}, unit: person, days: 30}
words:
  smartwatch: {zh: 智能手表, en: smartwatch, plural: smartwatches, measure: 块}
  strap: {zh: 表带, en: strap, plural: straps}
  steel: {zh: 钢, en: steel}
  resin: {zh: 树脂, en: resin}
rules:
  - {id: best, forbid: {zh: [最好], en: [the best]}, reason: {zh: 不许, en: no}, source: test}
`

func watchPack(t testing.TB) *pack.Pack {
	t.Helper()
	set, err := pack.Load(fstest.MapFS{"watches/pack.yaml": {Data: []byte(watches)}})
	if err != nil {
		t.Fatal(err)
	}
	return set.Pack("watches")
}

var zone = time.FixedZone("CST", 8*3600)

// now is a Wednesday evening.
var now = time.Date(2026, 5, 20, 19, 30, 0, 0, zone)

func ago(days int) time.Time { return now.AddDate(0, 0, -days) }

func watch(id, zh, en string, price, battery, weight float64, material string, gps bool) because.Item {
	return because.Item{
		ID: id, Domain: "watches", Name: because.Text{because.Chinese: zh, because.English: en}, Categories: []string{"smartwatch"},
		Price: price, Currency: "CNY",
		Attributes: map[string]because.Value{
			"battery": because.Num(battery, "d"), "weight": because.Num(weight, "g"), "material": because.Words(material), "gps": because.Flag(gps),
		},
	}
}

var (
	target = watch("t", "川屿轻行", "Chuanyu Lite", 899, 14, 32, "steel", false)
	peak   = watch("p", "峰线2", "Peakline 2", 999, 12, 48, "steel", true)
	tide   = watch("d", "潮声", "Tideway", 799, 16, 40, "resin", true)
	ember  = watch("m", "余烬", "Ember", 1299, 4, 30, "steel", true)
)

type crowd struct {
	people, both, category, rank, of int
	since                            map[int]int // days: people
}

func (f crowd) People(string) int                         { return f.people }
func (f crowd) PeopleSince(_ string, at time.Time) int    { return f.since[int(now.Sub(at).Hours())/24] }
func (f crowd) PeopleBoth(string, string) int             { return f.both }
func (f crowd) CategoryPeople(string, string, int) int    { return f.category }
func (f crowd) CategoryRank(string, time.Time) (int, int) { return f.rank, f.of }

func did(id string, kind because.InteractionKind, it because.Item, at time.Time) Past {
	return Past{because.Interaction{ID: id, User: "u", Item: it.ID, Kind: kind, Weight: .5, Context: because.Context{At: at, Device: "phone"}}, it}
}

// warm is a request with every kind of evidence in it.
func warm(t testing.TB, lang because.Lang) Request {
	it := target
	it.Published = ago(3)
	it.Series = map[string][]because.Point{"price": {
		{At: ago(40), Value: 1099}, {At: ago(25), Value: 1099}, {At: ago(20), Value: 1099}, {At: ago(10), Value: 1099}, {At: ago(2), Value: 899}, {At: ago(1), Value: 899},
	}}
	search := Past{because.Interaction{ID: "i5", User: "u", Kind: because.Search, Query: "长续航 手表", Weight: .3, Context: because.Context{At: ago(1)}}, because.Item{}}
	rated := did("i4", because.Rating, ember, ago(2))
	rated.Value = 9
	return Request{
		Lang: lang, Now: now, Item: it, Pack: watchPack(t),
		History: []Past{
			did("i1", because.View, tide, ago(9)), did("i2", because.Purchase, peak, ago(6)), did("i3", because.Cart, tide, ago(3)), rated, search,
		},
		Profile:  map[string]because.Value{"interests": because.Words("smartwatch"), "budget": because.Num(1000, "CNY"), "condition": because.Words("steel")},
		Consents: map[string]bool{"interests": true, "health": true},
		Context:  because.Context{At: now, Device: "phone"},
		Need:     "长续航、带GPS，钢的",
		Contributions: []because.Contribution{
			{Name: "history:p", Ranker: "neighbours", Value: .4}, {Name: "history:d", Ranker: "neighbours", Value: .1}, {Name: "category:smartwatch", Ranker: "content", Value: .5},
			{Name: "attribute:material=steel", Ranker: "content", Value: .2}, {Name: "attribute:battery", Ranker: "content", Value: .3}, {Name: "attribute:gps", Ranker: "content", Value: -.1},
			{Name: "price:", Ranker: "content", Value: .1}, {Name: "search:长续航 手表", Ranker: "search", Value: .1}, {Name: "need:长续航", Ranker: "need", Value: .2},
			{Name: "profile:interests", Ranker: "profile", Value: .1}, {Name: "profile:condition", Ranker: "profile", Value: .3}, {Name: "context:device=phone", Ranker: "context", Value: .05},
			{Name: "popularity:", Ranker: "popularity", Value: .1}, {Name: "recency:", Ranker: "content", Value: .05}, {Name: "base:", Ranker: "blend", Value: 1},
		},
		Reviews: []because.Review{
			{ID: "r1", User: "x", Lang: because.Chinese, Rating: 5, Text: "用了两个月。长续航让人省心，<b>加微信</b>看图。", At: ago(4)},
			{ID: "r2", User: "y", Lang: because.English, Rating: 5, Text: "Bought it in May. The long battery is great, but GPS is missing.", At: ago(4)},
		},
		Known: map[string]because.Item{"p": peak, "d": tide}, Facts: crowd{people: 240, both: 60, category: 900, rank: 3, of: 40},
		Caller: []because.Contribution{{Name: "caller:recent trips", Ranker: "caller", Value: .5}},
	}
}

func of(all []because.Evidence, k because.EvidenceKind) []because.Evidence {
	var out []because.Evidence
	for _, e := range all {
		if e.Kind == k {
			out = append(out, e)
		}
	}
	return out
}
