package lm

import "math"

// An Evaluation is what the adversarial phase measures on held-out prompts, at the temperature of training unless a
// field says otherwise.
type Evaluation struct {
	Step        int     `json:"step"`
	Loss        float64 `json:"loss"`      // nats per token of people's texts
	Area        float64 `json:"area"`      // of the plane of quality and diversity that all temperatures cover, in [0, 1]
	Quality     float64 `json:"quality"`   // BLEU-2 without brevity penalty, against people's text for the same prompt
	Distinct2   float64 `json:"distinct2"` // diversity
	SelfBLEU4   float64 `json:"self_bleu4"`
	KL          float64 `json:"kl"`          // nats per token from the reference, k3 on the generator's own texts
	Entropy     float64 `json:"entropy"`     // nats per token
	Length      float64 `json:"length"`      // tokens
	Claims      int     `json:"claims"`      // judged
	Unsupported float64 `json:"unsupported"` // share of the claims
	Reward      float64 `json:"reward"`      // mean
	LossD       float64 `json:"loss_d"`      // as in DiscStats, on the held-out prompts
	LossG       float64 `json:"loss_g"`
	DReal       float64 `json:"d_real"`
	DFake       float64 `json:"d_fake"`
	Accuracy    float64 `json:"accuracy"`
	RealBins    [10]int `json:"real_bins"` // how many D(x) lie in each tenth of [0, 1]
	FakeBins    [10]int `json:"fake_bins"` // likewise D(G(z))
}

// Alarms are the bounds that tell a collapse, most of them against the generator before the adversarial phase. A zero
// means the default, a negative number turns the alarm off.
type Alarms struct {
	Distinct2   float64 // least distinct-2, of its share before; 0 means 0.9
	SelfBLEU4   float64 // most that self-BLEU-4 may rise; 0 means 0.05
	KL          float64 // most divergence from the reference, nats per token; 0 means 0.15
	Entropy     float64 // least entropy, of its share before; 0 means 0.7
	Length      float64 // most that the mean length may change, as a share; 0 means 0.1
	Unsupported float64 // most that the share of unsupported claims may rise, beyond chance; 0 means 0.005
	LowD        float64 // least accuracy of the discriminator, or where it began if that is less; 0 means 0.52
	HighD       float64 // most accuracy, or where it began if that is more; 0 means 0.95
}

// NoAlarms turns all of them off.
var NoAlarms = Alarms{Distinct2: -1, SelfBLEU4: -1, KL: -1, Entropy: -1, Length: -1, Unsupported: -1, LowD: -1, HighD: -1}

func (a Alarms) withDefaults() Alarms {
	for _, f := range []struct {
		v    *float64
		zero float64
	}{{&a.Distinct2, .9}, {&a.SelfBLEU4, .05}, {&a.KL, .15}, {&a.Entropy, .7}, {&a.Length, .1}, {&a.Unsupported, .005}, {&a.LowD, .52}, {&a.HighD, .95}} {
		if *f.v == 0 {
			*f.v = f.zero
		}
	}
	return a
}

// slackD is how far the discriminator's accuracy may move beyond where it began, when that was out of bounds already.
const slackD = 0.02

// fired names the alarms that an evaluation sets off against that of the start.
func (a Alarms) fired(now, before Evaluation) []string {
	a = a.withDefaults()
	// A share of few claims varies by chance: the rise must also exceed two standard errors of the difference.
	n, n0 := float64(max(1, now.Claims)), float64(max(1, before.Claims))
	chance := 2 * math.Sqrt(now.Unsupported*(1-now.Unsupported)/n+before.Unsupported*(1-before.Unsupported)/n0)
	var names []string
	for _, alarm := range []struct {
		name  string
		bound float64
		fires bool
	}{
		{"distinct2", a.Distinct2, now.Distinct2 < a.Distinct2*before.Distinct2},
		{"self_bleu4", a.SelfBLEU4, now.SelfBLEU4 > before.SelfBLEU4+a.SelfBLEU4},
		{"kl", a.KL, now.KL > a.KL},
		{"entropy", a.Entropy, now.Entropy < a.Entropy*before.Entropy},
		{"length", a.Length, math.Abs(now.Length-before.Length) > a.Length*before.Length},
		{"unsupported", a.Unsupported, now.Unsupported > before.Unsupported+a.Unsupported+chance},
		{"low_d", a.LowD, now.Accuracy < min(a.LowD, before.Accuracy-slackD)},
		{"high_d", a.HighD, now.Accuracy > max(a.HighD, before.Accuracy+slackD)},
	} {
		if alarm.bound >= 0 && alarm.fires {
			names = append(names, alarm.name)
		}
	}
	return names
}
