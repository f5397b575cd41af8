package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"because"
	"because/internal/engine"
)

// circumstances are the flags that say when and where a request is made.
type circumstances struct {
	at            string
	hour          int
	device, place string
}

func (c *circumstances) flags(cmd *cobra.Command, lang because.Lang) {
	f := cmd.Flags()
	f.StringVar(&c.at, "at", "", because.Say(lang, "time of the request, such as 2026-03-05T21:00; default now"))
	f.IntVar(&c.hour, "hour", -1, because.Say(lang, "hour of the day, 0 to 23, instead of the present one"))
	f.StringVar(&c.device, "device", "", because.Say(lang, "phone, tablet, desktop or tv"))
	f.StringVar(&c.place, "place", "", because.Say(lang, "coarse place: home, work, commute, out"))
}

func (c circumstances) context(now time.Time, zone *time.Location) (because.Context, error) {
	at := now.In(zone)
	if c.at != "" {
		var err error
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
			if at, err = time.ParseInLocation(layout, c.at, zone); err == nil {
				break
			}
		}
		if err != nil {
			return because.Context{}, because.Errorf(because.ErrInvalid, "--at is not a time: %q. Write for instance 2026-03-05T21:00.", c.at)
		}
	}
	if c.hour > 23 || c.hour < -1 {
		return because.Context{}, because.Errorf(because.ErrInvalid, "--hour must be between 0 and 23, not %d.", c.hour)
	}
	if c.hour >= 0 {
		at = time.Date(at.Year(), at.Month(), at.Day(), c.hour, 0, 0, 0, zone)
	}
	return because.Context{At: at, Device: c.device, Place: c.place}, nil
}

// request fills in what every request needs from the settings.
func (a *app) request(c circumstances) (because.Context, time.Duration, error) {
	zone, err := a.settings.zone()
	if err != nil {
		return because.Context{}, 0, err
	}
	ctx, err := c.context(a.now(), zone)
	if err != nil {
		return ctx, 0, err
	}
	timeout, err := a.settings.duration("llm.timeout")
	if timeout == 0 {
		timeout = 20 * time.Second // on the command line a person waits
	}
	return ctx, timeout, err
}

func (a *app) recommendCmd() *cobra.Command {
	var r engine.ListRequest
	var c circumstances
	cmd := &cobra.Command{
		Use:     "recommend",
		Short:   because.Say(a.lang, "Recommend items, with reasons if asked"),
		Example: "  because recommend --user u_lin --explain\n  because recommend --user u_lin --hour 8 -n 5 --json\n  because recommend --need \"长续航 手表\" --explain",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if r.Context, r.Timeout, err = a.request(c); err != nil {
				return err
			}
			r.Lang = a.lang
			e, err := a.open(cmd.Context(), !r.Log)
			if err != nil {
				return err
			}
			defer e.Close()
			recs, err := e.Recommend(cmd.Context(), r)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(recs)
			}
			a.list(recs)
			if len(recs.Items) > 0 && !r.Explain {
				next := "because explain --item " + recs.Items[0].Item
				if r.User != "" {
					next += " --user " + r.User
				}
				a.next(next)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.User, "user", "", because.Say(a.lang, "who to recommend to; leave out for a visitor"))
	f.IntVarP(&r.N, "n", "n", 10, because.Say(a.lang, "how many"))
	f.StringVar(&r.Domain, "domain", "", because.Say(a.lang, "only this domain"))
	f.StringVar(&r.Need, "need", "", because.Say(a.lang, "what the reader is looking for, in their own words"))
	f.BoolVar(&r.Explain, "explain", false, because.Say(a.lang, "write a reason for each"))
	f.BoolVar(&r.Impersonal, "no-personal", false, because.Say(a.lang, "the list that is not based on the reader"))
	f.StringVar((*string)(&r.Style), "style", "", because.Say(a.lang, "short, detail, contrast, data, warm or push"))
	f.StringVar(&r.Source, "source", "auto", because.Say(a.lang, "auto, template, embedded or llm"))
	f.BoolVar(&r.Log, "log", false, because.Say(a.lang, "store impressions, as the API does"))
	c.flags(cmd, a.lang)
	return cmd
}

// list prints recommendations for a person.
func (a *app) list(recs because.Recommendations) {
	if !recs.Personalised {
		a.talk(because.Say(a.lang, "Not personal: this list rests on nothing about the reader."))
	}
	for _, r := range recs.Items {
		a.line(fmt.Sprintf("%2d. %s  (%s)  %.3f", r.Rank, r.Name, r.Item, r.Score))
		if r.Explanation != nil {
			a.line("    " + r.Explanation.Text)
		}
	}
}
