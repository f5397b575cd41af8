package engine

import (
	"regexp"
	"slices"
	"time"

	"because"
	"because/internal/pack"
	"because/internal/text"
	"because/internal/verify"
)

// tryPack writes a text with every wording of a pack on sample evidence and lets the verifier judge it. It returns what
// is wrong, in lang, and how many texts were written.
func tryPack(set *pack.Set, name string, lang because.Lang) (problems []pack.Problem, texts int) {
	if !slices.Contains(set.Domains(), name) {
		return nil, 0 // it cannot be read, as Check tells
	}
	all := set.WithCorpus(nil)
	verifier, p := verify.New(all), all.Pack(name)
	strict := verify.New(all.Unlicensed(name))
	for _, x := range set.Pieces(name) {
		if p.Kinds[x.Kind].Off || p.Kinds[carried(x)].Off {
			continue // it is never said; of a pattern, Check tells
		}
		s := sample{p: p, lang: x.Lang, piece: x}
		said, evidence, ok := s.write(all, name)
		if !ok {
			problems = append(problems, x.Problem(because.Say(lang, "%q can never be said: its holes find nothing to fill them. Put what may be missing into [ … ], or take other holes.", x.Text)))
			continue
		}
		texts++
		if m := jarring.FindString(said); m != "" {
			problems = append(problems, x.Problem(because.Say(lang, "filled, %q reads “%s”, and %q jars; mend marks and blanks around the holes.", x.Text, said, m)))
			continue
		}
		given := verify.Given{Domain: name, Lang: x.Lang, Name: s.name(), Evidence: evidence, Need: s.need(), Now: sampleDay, Address: p.Address}
		if r := verifier.Verify(said, given); r.OK && r.Changed() == "" {
			for _, c := range strict.Claims(said, given) {
				if x.Field == "" && c.Verdict != because.Supported && grave(c, x) {
					problems = append(problems, x.Problem(because.Say(lang, "filled, %q reads “%s”, and no evidence can back “%s” (%s); say only what its evidence says.", x.Text, said, c.Text, c.Reason)))
					break
				}
			}
			continue
		} else if r.Reason != "" && len(r.Claims) == 0 { // a rule, or something that no text may hold
			problems = append(problems, x.Problem(because.Say(lang, "filled, %q reads “%s”, which may not be shown (%s); say it in another way.", x.Text, said, r.Reason)))
			continue
		}
		bad, reason := said, ""
		for _, c := range verifier.Claims(said, given) {
			if c.Verdict != because.Supported {
				bad, reason = c.Text, c.Reason
				break
			}
		}
		problems = append(problems, x.Problem(because.Say(lang, "filled, %q reads “%s”, and “%s” does not hold (%s); say only what its evidence says.", x.Text, said, bad, reason)))
	}
	return problems, texts
}

// grave reports whether a claim of a pattern's own words must not stand even though its authors wrote it: a promise, a
// superlative, a number, a crowd that nobody counted, another deed than the one that leads. Their other words are theirs
// to answer for.
func grave(c because.Claim, x pack.Piece) bool {
	switch c.Kind {
	case because.PromiseClaim, because.ComparisonClaim:
		return true
	case because.NumberClaim:
		n := text.Numbers(c.Text)
		return len(n) > 0 && n[0].Value >= 10
	case because.GroupClaim:
		return !slices.Contains([]because.EvidenceKind{because.ReviewKind, because.Neighbours, because.Popular, because.Trend, because.Caller}, x.Kind)
	case because.HistoryClaim:
		return x.Kind == because.Bought || x.Kind == because.Viewed || x.Kind == because.Rated
	}
	return false
}

// jarring is what no finished sentence holds.
var jarring = regexp.MustCompile(`[{}\[\]]|  |[，；。：、]{2}|[，；：] |\.\.|[;,]\.|。\.|《《|「「`)

// sampleDay is when sample evidence is told: a Wednesday evening.
var sampleDay = time.Date(2026, 5, 20, 19, 30, 0, 0, Shanghai)
