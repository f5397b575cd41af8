package engine

import (
	"context"
	"math/rand/v2"
	"slices"

	"because"
	"because/internal/eval"
	"because/internal/generate/given"
)

// A peerSystem writes a text for rows of a set, or says why it cannot.
type peerSystem struct {
	name  string
	write func(context.Context) (texts map[int]string, why because.Text, err error)
}

// The systems that are compared, beside the peers' released texts and the controls.
const (
	peerXRec     = "xrec"
	peerTemplate = "template"
	peerTrained  = "trained"
	peerFiltered = "filtered"
	peerOther    = "other-reader"
	peerEmbedded = "embedded"
	peerLLM      = "llm"
)

func (s *peerSet) systems() []peerSystem {
	all := []peerSystem{{peerXRec, func(context.Context) (map[int]string, because.Text, error) {
		return s.each(func(i int) string { return s.rows[i].Prediction }), nil, nil
	}}}
	for _, name := range []string{"shuffled", "item", "user", "constant"} {
		all = append(all, peerSystem{name, func(context.Context) (map[int]string, because.Text, error) { return s.control(name) }})
	}
	return append(all,
		peerSystem{peerTemplate, func(context.Context) (map[int]string, because.Text, error) {
			return s.each(s.template), nil, nil
		}},
		peerSystem{peerTrained, func(ctx context.Context) (map[int]string, because.Text, error) {
			return s.crossFitted(ctx, peerTrained, 0, s.profiles)
		}},
		peerSystem{peerFiltered, func(ctx context.Context) (map[int]string, because.Text, error) {
			return s.crossFitted(ctx, peerFiltered, filterWeight, s.profiles)
		}},
		peerSystem{peerOther, func(ctx context.Context) (map[int]string, because.Text, error) {
			return s.crossFitted(ctx, peerOther, 0, s.otherReader)
		}},
		peerSystem{peerEmbedded, func(context.Context) (map[int]string, because.Text, error) {
			return nil, inBoth(func(lang because.Lang) string {
				return because.Say(lang, "its texts are slots that a site's evidence fills; profiles that are sentences fill none")
			}), nil
		}},
		peerSystem{peerLLM, s.endpoint},
	)
}

// inBoth is a sentence in both languages.
func inBoth(say func(because.Lang) string) because.Text {
	out := because.Text{}
	for _, lang := range because.Langs {
		out[lang] = say(lang)
	}
	return out
}

// each writes one text for every row.
func (s *peerSet) each(write func(i int) string) map[int]string {
	out := make(map[int]string, len(s.rows))
	for i := range s.rows {
		out[i] = write(i)
	}
	return out
}

// profiles are all that a writer is given of a row.
func (s *peerSet) profiles(i int) given.Profiles {
	return given.Profiles{Title: s.title[i], Item: s.rows[i].ItemProfile, User: s.rows[i].UserProfile}
}

// otherReader are the profiles of a row with the reader of another, far away in the file: what a text loses by that
// was personal.
func (s *peerSet) otherReader(i int) given.Profiles {
	p := s.profiles(i)
	p.User = s.rows[(i+len(s.rows)/2)%len(s.rows)].UserProfile
	return p
}

// chance is the randomness of one row: the same whatever other rows there are.
func (s *peerSet) chance(i int) *rand.Rand { return rand.New(rand.NewPCG(s.o.Seed, uint64(i))) }

// template writes by chance alone.
func (s *peerSet) template(i int) string {
	if d := s.task.Write(s.profiles(i), 1, s.chance(i)); len(d) > 0 {
		return d[0].Text
	}
	return ""
}

// control writes what needs no model.
func (s *peerSet) control(name string) (map[int]string, because.Text, error) {
	t := eval.NewTexts(eval.TextOptions{Lang: because.English, Seed: s.o.Seed})
	for _, r := range s.rows {
		t.Add(r.TextRow)
	}
	all := t.ControlTexts()
	i := slices.IndexFunc(all, func(w eval.Written) bool { return w.Name == name })
	if i < 0 || len(all[i].Texts) != len(s.rows) {
		return nil, inBoth(func(lang because.Lang) string { return because.Say(lang, "not every row has a reference") }), nil
	}
	return s.each(func(row int) string { return all[i].Texts[row] }), nil, nil
}

// How a policy weighs what only these profiles explain, and what a discriminator takes for real, and how often the
// discriminator and the policy take turns.
const (
	specificWeight = 4
	filterWeight   = .03
	filterRounds   = 2
	filterLessons  = 400 // on which they take turns
	candidates     = 160
)

// crossFitted writes the rows of each fold with a policy that was taught on rows sharing neither user nor item with any
// of them.
func (s *peerSet) crossFitted(ctx context.Context, system string, likeness float64, profiles func(int) given.Profiles) (map[int]string, because.Text, error) {
	return s.cache.texts(system, func() (map[int]string, because.Text, error) {
		out := make(map[int]string, len(s.rows))
		for fold, f := range s.folds {
			if len(f.Train) == 0 {
				return nil, inBoth(func(lang because.Lang) string {
					return because.Say(lang, "no row shares neither user nor item with those of a fold")
				}), nil
			}
			p, err := s.teach(ctx, fold, likeness)
			if err != nil {
				return nil, nil, err
			}
			for _, i := range f.Test {
				out[i] = p.Write(profiles(i), s.chance(i)).Text
			}
		}
		return out, nil, nil
	})
}

// teach makes the policy of a fold. With a likeness, discriminators learn in turn to tell what it writes for its own
// lessons from their references, and it then avoids what they found.
func (s *peerSet) teach(ctx context.Context, fold int, likeness float64) (*given.Policy, error) {
	train := s.folds[fold].Train
	if s.policies[fold] == nil {
		var lessons []given.Lesson
		for _, i := range train {
			lessons = append(lessons, given.Lesson{Profiles: s.profiles(i), Reference: s.rows[i].Reference})
		}
		s.policies[fold] = s.task.Teach(lessons, given.PolicyOptions{Seed: s.o.Seed, Candidates: candidates, Specific: specificWeight})
	}
	p := s.policies[fold]
	if likeness == 0 {
		return p, ctx.Err()
	}
	some := rand.New(rand.NewPCG(s.o.Seed, 0xf1)).Perm(len(train))[:min(filterLessons, len(train))]
	var refs []string
	for _, at := range some {
		refs = append(refs, s.rows[train[at]].Reference)
	}
	var judges []*eval.Discriminator
	for round := range filterRounds {
		written := make([]string, len(some))
		for j, at := range some {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			written[j] = p.Write(s.profiles(train[at]), s.chance(train[at])).Text
		}
		judges = append(judges, eval.NewDiscriminator(eval.XRec, written, refs, s.o.Seed+uint64(round)))
		p = p.Preferring(likeness, func(text string) float64 {
			sum := 0.
			for _, j := range judges {
				sum += j.Real(text)
			}
			return sum / float64(len(judges))
		})
	}
	return p, nil
}
