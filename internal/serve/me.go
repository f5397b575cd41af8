package serve

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"because"
	"because/internal/engine"
)

// mePage is what a reader may see and change about themselves.
type mePage struct {
	*head
	People   []option
	Name     string
	View     engine.UserView
	Facts    []engine.Fact
	Consents []consentRow
	History  []historyRow
	Hidden   []option
	Erased   *engine.Erased
	Rows     []engine.Fact
	Curl     string
}

type consentRow struct {
	Name, Label string
	Given       bool
	Default     bool
}

type historyRow struct{ At, Did, Kind, What, Value string }

func (s *server) mePage(w http.ResponseWriter, r *http.Request) error {
	p := &mePage{head: s.head(w, r, "me")}
	people, err := s.people(r.Context(), r.URL.Query())
	if err != nil {
		return err
	}
	if !r.URL.Query().Has("user") && len(people) > 0 {
		p.User = people[0].ID
	}
	for _, u := range people {
		p.People = append(p.People, option{Value: u.ID, Label: personName(u, p.Lang), On: u.ID == p.User})
	}
	p.People = append(p.People, option{Label: because.Say(p.Lang, "a new visitor"), On: p.User == ""})
	if p.User != "" {
		if err := s.viewMe(r, p); err != nil {
			return err
		}
	}
	s.render(w, r, http.StatusOK, "me", p)
	return nil
}

func (s *server) viewMe(r *http.Request, p *mePage) error {
	ctx := r.Context()
	v, err := s.e.ViewUser(ctx, p.User)
	if err != nil {
		return err
	}
	p.View, p.Name, p.Facts = v, personName(v.User, p.Lang), s.e.ProfileFacts(v.User, p.Lang)
	for _, c := range v.Consents {
		p.Consents = append(p.Consents, consentRow{c.Name, c.Label.In(p.Lang), c.Given, c.Default})
	}
	for _, x := range v.Interactions[:min(30, len(v.Interactions))] {
		row := historyRow{At: moment(x.Context.At), Did: didLabel(p.Lang, x.Kind), Kind: icons[x.Kind], What: x.Query}
		if x.Item != "" {
			row.What = s.itemName(ctx, x.Item)
		}
		if x.Kind == because.Rating {
			row.Value = strings.TrimSuffix(strings.TrimRight(signed(x.Value)[1:], "0"), ".")
		}
		p.History = append(p.History, row)
	}
	for _, key := range v.Hidden {
		p.Hidden = append(p.Hidden, option{Value: key, Label: s.reasonLabel(ctx, key)})
	}
	p.Curl = "curl -s " + shell(origin(r)+local("/api/v1/users/"+p.User+"/export", nil))
	return nil
}

// me is the page of one user.
func me(user string) string { return local("/me", url.Values{"user": {user}}) }

// exportMe hands out everything stored about a user as a file.
func (s *server) exportMe(w http.ResponseWriter, r *http.Request) error {
	var b bytes.Buffer
	if err := s.e.ExportUser(r.Context(), r.URL.Query().Get("user"), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="because-export.json"`)
	_, _ = w.Write(b.Bytes()) // the reader may be gone
	return nil
}

// form reads a posted form.
func form(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return because.Errorf(because.ErrInvalid, "The form cannot be read.")
	}
	return nil
}

func (s *server) setPersonal(w http.ResponseWriter, r *http.Request) error {
	if err := form(r); err != nil {
		return err
	}
	user, on, lang := r.PostFormValue("user"), r.PostFormValue("on") == "true", infoOf(r.Context()).lang
	if err := s.e.SetPersonal(r.Context(), user, on); err != nil {
		return err
	}
	t := toast{Text: because.Say(lang, "Personalisation is off. Nothing about you is used from now on."), Action: "/me/personal"}
	if on {
		t.Text = because.Say(lang, "Personalisation is on.")
	}
	to := back(r, me(user))
	t.Fields = map[string]string{"user": user, "on": yes(!on), "back": to}
	keepToast(w, t)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (s *server) setConsent(w http.ResponseWriter, r *http.Request) error {
	if err := form(r); err != nil {
		return err
	}
	user, name, given, lang := r.PostFormValue("user"), r.PostFormValue("name"), r.PostFormValue("given") == "true", infoOf(r.Context()).lang
	if err := s.e.SetConsent(r.Context(), user, name, given); err != nil {
		return err
	}
	t := toast{Text: because.Say(lang, "Withdrawn. It is not used from now on."), Action: "/me/consent"}
	if given {
		t.Text = because.Say(lang, "Allowed. It may be used from now on.")
	}
	to := back(r, me(user))
	t.Fields = map[string]string{"user": user, "name": name, "given": yes(!given), "back": to}
	keepToast(w, t)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (s *server) unhide(w http.ResponseWriter, r *http.Request) error {
	if err := form(r); err != nil {
		return err
	}
	user := r.PostFormValue("user")
	if _, err := s.e.User(r.Context(), user); err != nil {
		return err
	}
	if err := s.e.Unhide(r.Context(), user, r.PostFormValue("key")); err != nil {
		return err
	}
	keepToast(w, toast{Text: because.Say(infoOf(r.Context()).lang, "This may be cited to you again.")})
	http.Redirect(w, r, back(r, me(user)), http.StatusSeeOther)
	return nil
}

// erase removes a user whose ID was typed as a confirmation, and says what went.
func (s *server) erase(w http.ResponseWriter, r *http.Request) error {
	if err := form(r); err != nil {
		return err
	}
	user := r.PostFormValue("user")
	if r.PostFormValue("confirm") != user {
		return because.Errorf(because.ErrInvalid, "Nothing was erased: what you typed is not the user ID %q.", shown(user))
	}
	out, err := s.e.EraseUser(r.Context(), user)
	if err != nil {
		return err
	}
	p := &mePage{head: s.head(w, r, "me"), Erased: &out}
	p.User = ""
	p.Here, p.Other = "/me?user=", "/me?user="
	for _, kind := range sortedKeys(out.Rows) {
		if out.Rows[kind] > 0 {
			p.Rows = append(p.Rows, engine.Fact{Label: kind, Value: because.Say(p.Lang, "%d rows", out.Rows[kind])})
		}
	}
	s.render(w, r, http.StatusOK, "me", p)
	return nil
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
