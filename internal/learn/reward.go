package learn

import "because"

// worth is what each kind of feedback adds to the reward of an impression. Clicks alone would reward persuasion, so
// being found helpful is worth more, and being wrong or too close costs more than a click can win.
var worth = map[because.FeedbackKind]float64{
	because.Clicked:     .4,
	because.Helpful:     .6,
	because.NotHelpful:  -.4,
	because.HideReason:  -.5,
	because.Wrong:       -1,
	because.TooPersonal: -1,
}

// Reward is what the feedback on one impression is worth, in [-1, 1], and whether any of it stands. Each kind counts
// once; what an undo takes back counts as never given, and an undo can itself be taken back.
func Reward(fs []because.Feedback) (float64, bool) {
	given := Standing(fs)
	sum := 0.0
	for _, kind := range because.FeedbackKinds { // in a fixed order, so that the sum is the same every time
		if given[kind] {
			sum += worth[kind]
		}
	}
	return max(-1, min(1, sum)), len(given) > 0
}

// Standing are the kinds of feedback on one impression that were given and not taken back.
func Standing(fs []because.Feedback) map[because.FeedbackKind]bool {
	undone := map[string]bool{}
	for i := len(fs) - 1; i >= 0; i-- { // the latest first: an undo that was taken back takes nothing back
		if f := fs[i]; f.Kind == because.Undo && !undone[f.ID] {
			undone[f.Target] = true
		}
	}
	given := map[because.FeedbackKind]bool{}
	for _, f := range fs {
		if _, known := worth[f.Kind]; known && !undone[f.ID] {
			given[f.Kind] = true
		}
	}
	return given
}
