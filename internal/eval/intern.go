package eval

// An interner numbers strings from 0 in the order in which they come.
type interner map[string]int32

func (in interner) of(tokens []string) []int32 {
	out := make([]int32, len(tokens))
	for i, t := range tokens {
		out[i] = in.id(t)
	}
	return out
}

func (in interner) id(s string) int32 {
	n, ok := in[s]
	if !ok {
		n = int32(len(in))
		in[s] = n
	}
	return n
}
