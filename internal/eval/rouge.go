package eval

// PRF are precision, recall and the family's own F, each in [0, 1].
type PRF struct{ P, R, F float64 }

// ROUGE is ROUGE-n of one prediction (Lin 2004) as the public code of the explanation papers has it, which is not the
// usual one: n-grams are sets, so that a repetition counts once, and F = 2PR/(P+R+10⁻⁸).
func ROUGE[T comparable](n int, hyp, ref []T) PRF {
	a, b := grams(n, hyp), grams(n, ref)
	both := 0
	for g := range a {
		if b[g] {
			both++
		}
	}
	return prf(both, len(a), len(b))
}

// rougeTokens are the tokens of a text that ROUGE sees.
func (f Family) rougeTokens(tokens []string) []string {
	if len(tokens) == 0 && f.emptyIsToken {
		return []string{""}
	}
	return tokens
}

// prf is what both common n-grams of so many on either side come to.
func prf(both, hyp, ref int) PRF {
	p, r := ratio(float64(both), float64(hyp)), ratio(float64(both), float64(ref))
	return PRF{p, r, 2 * (p * r / (p + r + 1e-8))}
}

func grams[T comparable](n int, tokens []T) map[[maxOrder]T]bool {
	set := make(map[[maxOrder]T]bool, len(tokens))
	for i := 0; i+n <= len(tokens); i++ {
		set[key(tokens[i:i+n])] = true
	}
	return set
}

// ROUGEL is ROUGE-L of one prediction in the same code: over the longest common subsequence, β = P/(R+10⁻¹²) and
// F = (1+β²)PR/(R+β²P+10⁻¹²), which leans towards the smaller of P and R. It is 0 where the public code divides by 0, and
// reads no text beyond its first 4096 tokens, since time grows with the square.
func ROUGEL[T comparable](hyp, ref []T) PRF {
	hyp, ref = hyp[:min(longest, len(hyp))], ref[:min(longest, len(ref))]
	if len(hyp) == 0 || len(ref) == 0 {
		return PRF{}
	}
	lcs := float64(commonSubsequence(hyp, ref))
	p, r := lcs/float64(len(hyp)), lcs/float64(len(ref))
	beta := p / (r + 1e-12)
	return PRF{p, r, (1 + beta*beta) * r * p / (r + beta*beta*p + 1e-12)}
}

const longest = 4096 // tokens

// commonSubsequence is the length of the longest common subsequence.
func commonSubsequence[T comparable](a, b []T) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0 // row[j-1] of the row before
		for j, y := range b {
			up := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(up, row[j])
			}
			diagonal = up
		}
	}
	return row[len(b)]
}
