package eval

// Features measure which feature words texts name, in time linear in the texts.
type Features struct {
	set        map[string]bool // all features, of all texts
	texts      map[string]int  // token -> texts that hold it
	rows       int
	own, named int // rows with a feature of their own, and those whose text names it
	seen       map[string]bool
}

// NewFeatures starts with the features that no text needs to state: those of a training split, say.
func NewFeatures(known ...string) *Features {
	f := &Features{set: map[string]bool{}, texts: map[string]int{}, seen: map[string]bool{}}
	for _, w := range known {
		f.set[w] = true
	}
	return f
}

// Add counts one text by its tokens; own are the features that its record states. Every feature that is stated
// anywhere belongs to the feature set; a feature of several words is in no text, as in the public code.
func (f *Features) Add(tokens, own []string) {
	f.rows++
	clear(f.seen)
	for _, t := range tokens {
		if !f.seen[t] {
			f.seen[t] = true
			f.texts[t]++
		}
	}
	hit := false
	for _, w := range own {
		f.set[w] = true
		hit = hit || f.seen[w]
	}
	if len(own) > 0 {
		f.own++
	}
	if hit {
		f.named++
	}
}

// Size is the number of features in the set.
func (f *Features) Size() int { return len(f.set) }

// FMR is the share of records whose own feature their text names.
func (f *Features) FMR() float64 { return ratio(float64(f.named), float64(f.own)) }

// FCR is the share of the feature set that any text names.
func (f *Features) FCR() float64 {
	n := 0
	for w := range f.set {
		if f.texts[w] > 0 {
			n++
		}
	}
	return ratio(float64(n), float64(len(f.set)))
}

// DIV is the mean over all pairs of texts of the number of features that both name; lower is more diverse. A feature
// that n texts name is common to n(n−1)/2 pairs, so no pair need be looked at.
func (f *Features) DIV() float64 {
	pairs := 0.0
	for w := range f.set {
		n := float64(f.texts[w])
		pairs += n * (n - 1) / 2 // whole numbers: their sum has no order
	}
	n := float64(f.rows)
	return ratio(pairs, n*(n-1)/2)
}
