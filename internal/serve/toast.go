package serve

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"because"
	"because/internal/engine"
)

// A toast says what the reader's last form changed, and how to take it back. Over a redirect it travels in a cookie.
type toast struct {
	Text   string            `json:"t"`
	Action string            `json:"a,omitempty"` // where the undo form goes; empty when there is nothing to take back
	Fields map[string]string `json:"f,omitempty"`
}

// undoActions are the forms that a toast may hold.
var undoActions = []string{"/feedback", "/me/personal", "/me/consent", "/me/unhide"}

func keepToast(w http.ResponseWriter, t toast) {
	b, err := json.Marshal(t)
	if err != nil {
		return // strings only: cannot happen
	}
	http.SetCookie(w, &http.Cookie{Name: "toast", Value: base64.RawURLEncoding.EncodeToString(b), Path: "/", MaxAge: 30, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// takeToast returns what the last form left, once.
func (s *server) takeToast(w http.ResponseWriter, r *http.Request) *toast {
	c, err := r.Cookie("toast")
	if err != nil || c.Value == "" {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: "toast", Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	var t toast
	if err != nil || json.Unmarshal(b, &t) != nil || t.Text == "" {
		return nil
	}
	if !slices.Contains(undoActions, t.Action) {
		t.Action, t.Fields = "", nil
	}
	return &t
}

// notInterested is what a reader says of an item; it counts as not helpful, and hides the item in this browser.
const notInterested = "not_interested"

// fedPage is the part of a card that feedback changes.
type fedPage struct {
	card
	Note *toast
}

func (s *server) feedback(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return because.Errorf(because.ErrInvalid, "The form cannot be read.")
	}
	ctx, lang, kind := r.Context(), infoOf(r.Context()).lang, r.PostFormValue("kind")
	f := because.Feedback{Impression: r.PostFormValue("impression"), Kind: because.FeedbackKind(kind), Target: r.PostFormValue("target")}
	if kind == notInterested {
		f.Kind = because.NotHelpful
	}
	im, err := s.e.Impression(ctx, f.Impression)
	if err != nil {
		return err
	}
	out, err := s.e.Feedback(ctx, f)
	if err != nil {
		return err
	}
	s.metrics.feedback.WithLabelValues(string(f.Kind)).Inc()
	t := toast{Text: feedbackText(lang, kind, out)}
	if f.Kind != because.Undo {
		t.Action = "/feedback"
		t.Fields = map[string]string{"impression": f.Impression, "kind": string(because.Undo), "target": out.ID}
	}
	if kind == notInterested {
		dismiss(w, r, im.User, im.Item, true)
		t.Fields["item"] = im.Item
	} else if item := r.PostFormValue("item"); item != "" && f.Kind == because.Undo {
		dismiss(w, r, im.User, im.Item, false)
	}
	to := back(r, "/why/"+f.Impression)
	if r.Header.Get("HX-Request-Type") == "partial" && f.Kind != because.HideReason && r.PostFormValue("part") == "card" {
		h := s.head(w, r, "store")
		h.Here = to
		said := f.Kind
		if said == because.Undo {
			said = ""
		}
		if t.Action != "" {
			t.Fields["back"], t.Fields["part"] = to, "card"
		}
		s.render(w, r, http.StatusOK, "fed", fedPage{card: card{head: h, Impression: f.Impression, Item: im.Item, Said: said, SaidID: out.ID}, Note: &t})
		return nil
	}
	if t.Action != "" {
		t.Fields["back"] = to
	}
	keepToast(w, t)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// feedbackText says what a feedback changed.
func feedbackText(lang because.Lang, kind string, out engine.FeedbackResult) string {
	var did string
	switch kind {
	case string(because.Helpful):
		did = because.Say(lang, "Noted: helpful.")
	case string(because.NotHelpful):
		did = because.Say(lang, "Noted: not helpful.")
	case string(because.Wrong):
		did = because.Say(lang, "Noted: this reason is wrong. Somebody should look at it.")
	case string(because.TooPersonal):
		did = because.Say(lang, "Noted: too personal.")
	case string(because.HideReason):
		return because.Say(lang, "This will not be cited to you again.")
	case string(because.Undo):
		did = because.Say(lang, "Taken back.")
	case notInterested:
		did = because.Say(lang, "Put away; it will not be shown here again.")
	default:
		did = because.Say(lang, "Noted.")
	}
	switch {
	case out.Known:
		return because.Say(lang, "That was noted before.")
	case !out.Teaches:
		return did + sep(lang) + because.Say(lang, "The wording was asked for, so it teaches nothing.")
	case abs(out.After-out.Before) < .0005 || strings.IndexByte(out.Arm, '/') < 0:
		return did
	}
	return did + sep(lang) + because.Say(lang, "“%s” will now be chosen %.1f%% of the time, not %.1f%%.", armLabel(lang, out.Arm), 100*out.After, 100*out.Before)
}

// sep stands between two sentences.
func sep(lang because.Lang) string {
	if lang == because.Chinese {
		return ""
	}
	return " "
}
