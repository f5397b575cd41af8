package engine

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"because"
	"because/internal/generate"
	"because/internal/verify"
)

// newID makes an ID that sorts by time: "imp_…".
func (e *Engine) newID(prefix string) string {
	id, err := uuid.NewV7()
	if err != nil { // the system has no randomness: nothing can be identified
		panic(err)
	}
	return prefix + "_" + strings.ReplaceAll(id.String(), "-", "")
}

// requestID is new for a logged request. One that is not logged is named for what it asks, so that asking twice gives
// the same answer.
func (e *Engine) requestID(logged bool, user, what string, c because.Context) string {
	if logged {
		return e.newID("req")
	}
	day := c.At.Format("2006-01-02T15")
	return "req_" + hex.EncodeToString(sha(user, what, day, c.Device, c.Place)[:12])
}

func sha(parts ...string) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum(nil)
}

// hash is a stable 64-bit hash of some strings.
func hash(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// oneIn draws by the hash of some strings: true for one in n of them. The low bits of the hash follow those of the last
// characters, so they are mixed first (MurmurHash3's finaliser).
func oneIn(n uint64, parts ...string) bool {
	h := hash(parts...)
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return (h^h>>33)%n == 0
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// contentID identifies a text with what it rests on.
func contentID(x because.Explanation) string {
	parts := []string{x.RequestID, x.Item, string(x.Lang), x.Text}
	for _, ev := range x.Evidence {
		parts = append(parts, ev.Origin, ev.Text)
	}
	return "bc_" + hex.EncodeToString(sha(parts...)[:16])
}

func compareFloat(a, b float64) int { return cmp.Compare(a, b) }

func opening(s string) string { return generate.Opening(s) }

// catalogueNames is the index of every item's names, for the verifier to notice foreign ones.
func catalogueNames(items map[string]because.Item) *verify.Names {
	ids := sortedIDs(items)
	return verify.NewNames(func(yield func(id string, names []string) bool) {
		for _, id := range ids {
			it := items[id]
			if !yield(id, append(it.Name.All(), it.Aliases...)) {
				return
			}
		}
	})
}

func sortedIDs(items map[string]because.Item) []string {
	ids := make([]string, 0, len(items))
	for id := range items {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// unavailable lists the items that must not be recommended.
func unavailable(items map[string]because.Item) []string {
	var gone []string
	for _, id := range sortedIDs(items) {
		if items[id].Unavailable {
			gone = append(gone, id)
		}
	}
	return gone
}

// An ending is when an item ceases to hold.
type ending struct {
	item string
	at   time.Time
}

// endings are the items that hold only up to a day, by a field of their pack.
func (e *Engine) endings(items map[string]because.Item) (out []ending) {
	for _, id := range sortedIDs(items) {
		if at, ok := e.packs.Pack(items[id].Domain).Ends(items[id], e.o.Zone); ok {
			out = append(out, ending{id, at})
		}
	}
	return out
}

// outOf are the items that must not be recommended at a time.
func (w *world) outOf(at time.Time) []string {
	out := slices.Clip(w.gone)
	for _, x := range w.ends {
		if !at.Before(x.at) {
			out = append(out, x.item)
		}
	}
	return out
}

// mkdir makes a folder and returns it; an error shows at the first use.
func mkdir(dir string) string {
	_ = os.MkdirAll(dir, 0o700)
	return dir
}

// writeFile writes a file whole or not at all: temporary file, sync, rename, sync of the folder.
func writeFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(b); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func parseArms(ss []string) []because.Arm {
	out := make([]because.Arm, len(ss))
	for i, s := range ss {
		if style, lead, ok := strings.Cut(s, "/"); ok {
			out[i] = because.Arm{Style: because.Style(style), Lead: because.EvidenceKind(lead)}
		}
	}
	return out
}

// checkWords refuses unknown styles, leads, sources and domains before any work.
func (e *Engine) checkWords(style because.Style, lead because.EvidenceKind, source, domain string) error {
	if style != "" && !slices.Contains(because.Styles, style) {
		return because.Errorf(because.ErrInvalid, "There is no style %q. Choose short, detail, contrast, data, warm or push.", short(string(style)))
	}
	if lead != "" && !slices.Contains(because.EvidenceKinds, lead) {
		return because.Errorf(because.ErrInvalid, "There is no kind of evidence %q.", short(string(lead)))
	}
	if _, err := e.writer(source, true); err != nil {
		return err
	}
	if domain != "" && !slices.Contains(e.packs.Domains(), domain) {
		return because.Errorf(because.ErrInvalid, "There is no domain %q. Domains: %s.", short(domain), strings.Join(e.packs.Domains(), ", "))
	}
	return nil
}
