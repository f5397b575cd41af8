package engine

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"because"
	"because/internal/ingest"
)

// Options say how an engine is opened. The zero value with a Dir is a working, offline engine.
type Options struct {
	Dir      string           // data folder; created when missing unless ReadOnly
	Packs    string           // folder of the site's own packs; empty means Dir/packs, which need not exist
	ReadOnly bool             // reads only; possible while another process holds the folder
	Now      func() time.Time // nil means time.Now
	Zone     *time.Location   // the site's time zone; nil means Asia/Shanghai
	Log      *slog.Logger     // nil discards
	LLM      LLM              // the endpoint; zero means none
	Writer   because.Source   // what writes where no endpoint does and none is asked for: FromEmbedded or FromTemplate; empty means our language model, in lists once one is promoted
	Seed     uint64           // of the policy's draws; 0 means 1
	Workers  int              // of training and batches; 0 means all cores
	NoReason bool             // lists may draw the arm "no explanation"
	Gamma    float64          // exploration of the policy: larger explores less; 0 means the default of learn

	KeepSnapshots time.Duration // how long what texts were made from is kept; 0 means as long as their impressions
}

// LLM names an OpenAI-compatible endpoint.
type LLM struct {
	BaseURL   string
	Model     string
	Preset    string // vllm, llama.cpp, ollama, deepseek, qwen, openai; empty guesses
	Key       string
	Timeout   time.Duration // for one draft; 0 means 800 ms
	Budget    int64         // tokens a day; 0 means no limit
	Transport http.RoundTripper
}

// ListRequest asks for recommendations.
type ListRequest struct {
	User       string
	Session    []because.Interaction // of an anonymous reader, or newer than the store knows
	N          int                   // 0 means 10
	Domain     string                // empty means all
	Context    because.Context       // zero time means now
	Need       string                // what the reader typed
	Candidates []string              // only these; nil means all
	Exclude    []string              // never these
	Impersonal bool                  // the list that is not based on the reader, one click away
	Explain    bool
	Lang       because.Lang  // of the explanations and names
	Style      because.Style // empty lets the policy choose
	Source     string        // auto, template, embedded, llm; empty means auto
	Log        bool          // store impressions
	Timeout    time.Duration // for each draft of the endpoint; 0 means Options.LLM.Timeout
}

// ExplainRequest asks for one explanation. Exactly one of Item, Foreign and Need-without-item is given.
type ExplainRequest struct {
	User            string
	Session         []because.Interaction
	Item            string
	Foreign         *Foreign // an item of a foreign recommender
	Need            string
	Domain          string // narrows the search when only a need is given
	Context         because.Context
	Impersonal      bool
	Lang            because.Lang
	Style           because.Style
	Lead            because.EvidenceKind // empty lets the policy choose
	Source          string
	Counterfactuals bool
	Log             bool
	Timeout         time.Duration
}

// Foreign is what the caller of the API states of its own recommendation: its item (known to us or not), its score and
// named, signed attributions. It is sanitised and marked "stated by the caller".
type Foreign struct {
	Item         because.Item
	Score        float64
	Attributions []Attribution
}

// Attribution is one named, signed part of a foreign score.
type Attribution struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Compared is what one source wrote on the same evidence.
type Compared struct {
	Source      because.Source       `json:"source"`
	Available   bool                 `json:"available"`
	Draft       string               `json:"draft"` // before verification
	Explanation *because.Explanation `json:"explanation,omitempty"`
	Reason      string               `json:"reason,omitempty"` // why there is none
	TookMS      float64              `json:"took_ms"`
}

// CheckRequest asks whether a text holds against the evidence on a user and an item.
type CheckRequest struct {
	User, Item, Text string
	Need             string
	Lang             because.Lang
	Context          because.Context
}

// Checked is a text with its claims judged.
type Checked struct {
	Text     string             `json:"text"`
	Claims   []because.Claim    `json:"claims"`
	Evidence []because.Evidence `json:"evidence"`
	Repaired string             `json:"repaired"` // what could be shown instead; empty when nothing is left
	OK       bool               `json:"ok"`       // every claim is supported and no rule is broken
}

// ImportRequest asks to read rows into the store.
type ImportRequest struct {
	Kind   string            // items, users, interactions, reviews, examples, dataset
	Path   string            // a file, a folder (dataset), or "-" with Reader
	Reader io.Reader         // for "-"
	Domain string            // of items that name none
	Format string            // auto, csv, tsv, jsonl, parquet, movielens, recbole, gorse, personalize
	Map    map[string]string // our field -> their column
	DryRun bool
	Lang   because.Lang
}

// Progress is told how far a long run is. total is 0 when it is not known.
type Progress func(stage string, done, total int)

// ImportReport says what became of the rows, file by file.
type ImportReport = ingest.Report

// TrainReport says what training made.
type TrainReport struct {
	Model        string             `json:"model"`
	Users        int                `json:"users"`
	Items        int                `json:"items"`
	Interactions int                `json:"interactions"`
	Metrics      map[string]float64 `json:"metrics"` // on the chronological hold-out, beside popularity's
	TookMS       float64            `json:"took_ms"`
}

// ModelInfo is a model folder's manifest.
type ModelInfo struct {
	ID      string             `json:"id"`
	Kind    string             `json:"kind"` // "ranker"
	Created time.Time          `json:"created"`
	Seed    int64              `json:"seed"`
	Data    string             `json:"data"` // hash of what it was trained on
	Code    string             `json:"code"` // version of the binary
	Metrics map[string]float64 `json:"metrics"`
	Files   map[string]string  `json:"files"` // name -> sha256
	Tuning  *Tuning            `json:"tuning,omitempty"`
	Taught  *Taught            `json:"taught,omitempty"`
	Current bool               `json:"current"`
}

// UserView is everything that a reader may see and change about themselves.
type UserView struct {
	User         because.User          `json:"user"`
	Consents     []ConsentView         `json:"consents"`
	Interactions []because.Interaction `json:"interactions"` // newest first, at most 100
	Count        int                   `json:"interaction_count"`
	Hidden       []string              `json:"hidden_reasons"`
}

// ConsentView is one consent as it stands.
type ConsentView struct {
	Name    string       `json:"name"`
	Label   because.Text `json:"label"`
	Given   bool         `json:"given"`
	Default bool         `json:"default"` // the user has not said anything
}

// Erased says what was removed, per kind of row, and which models saw the user.
type Erased struct {
	User   string         `json:"user"`
	Rows   map[string]int `json:"rows"`
	Models []string       `json:"models"`
	At     time.Time      `json:"at"`
}

// LearnStatus is the policy as it stands.
type LearnStatus struct {
	Policy      string      `json:"policy"` // version
	Impressions int         `json:"impressions"`
	Feedback    int         `json:"feedback"`
	Taught      int         `json:"taught"` // impressions that teach
	Arms        []ArmStatus `json:"arms"`
}

// ArmStatus is one arm as it stands.
type ArmStatus struct {
	Arm         string  `json:"arm"`
	Shown       int     `json:"shown"`
	Answered    int     `json:"answered"`
	Reward      float64 `json:"reward"` // mean
	Probability float64 `json:"probability"`
}

// FeedbackResult says what a feedback changed.
type FeedbackResult struct {
	ID      string  `json:"id"`
	Known   bool    `json:"known"` // the same feedback had been posted before; nothing changed
	Arm     string  `json:"arm"`
	Before  float64 `json:"probability_before"` // of the arm for the same request
	After   float64 `json:"probability_after"`
	Hidden  string  `json:"hidden,omitempty"` // the reason that will not be cited again
	Teaches bool    `json:"teaches"`
}

// Health is the state of the engine.
type Health struct {
	Ready        bool      `json:"ready"`
	Users        int       `json:"users"`
	Items        int       `json:"items"`
	Interactions int       `json:"interactions"`
	Model        string    `json:"model"`
	Trained      time.Time `json:"trained,omitzero"`
	Stale        int       `json:"stale"` // interactions since training
	LLM          string    `json:"llm"`   // off, ok, open (breaker)
}

// Check is one line of the doctor.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"` // in the reader's language
	Fix    string `json:"fix,omitempty"`
}

// EvalReport is the quality on a world whose true reasons are known, or on real data without them.
type EvalReport struct {
	Lang    because.Lang                  `json:"lang"`
	Users   int                           `json:"users"`
	Texts   int                           `json:"texts"`
	Numbers map[string]float64            `json:"numbers"`
	ByGroup map[string]map[string]float64 `json:"by_group,omitempty"` // per domain, or per length of history
	Worst   []Worst                       `json:"worst,omitempty"`
}

// Worst is an explanation whose cause is not a true one.
type Worst struct {
	User, Item, Text, Cited string
	True                    []string
}

// Truth recomputes the true reasons of a user for an item in an invented world: term names as in contributions.
// cmd hands it in; nil means that they are not known.
type Truth func(user string, item because.Item, c because.Context) map[string]float64

// The methods that serve and cmd call:
//
//	Open(ctx, Options) (*Engine, error)                                     Close() error
//	Recommend(ctx, ListRequest) (because.Recommendations, error)
//	Explain(ctx, ExplainRequest) (because.Explanation, error)
//	Compare(ctx, ExplainRequest) ([]Compared, error)
//	Check(ctx, CheckRequest) (Checked, error)
//	Import(ctx, ImportRequest, Progress) (ImportReport, error)
//	Export(ctx, kind string, w io.Writer) (int, error)                      kinds as for Import plus impressions, feedback; JSONL
//	Train(ctx, Progress) (TrainReport, error)                               Models() ([]ModelInfo, error)   Promote(id) error
//	Item(ctx, id) / PutItems(ctx, []Item) / DeleteItem / SetAvailable       Items(ctx, after string, limit int) ([]because.Item, error)
//	User(ctx, id) (because.User, error) / PutUsers / Users(ctx, after, limit)
//	AddInteractions(ctx, []because.Interaction) (added int, error)          ids are made when missing
//	Impression(ctx, id) (because.Impression, error)                         Replay(ctx, impressionID, Lang) (Replay, error)
//	Feedback(ctx, because.Feedback) (FeedbackResult, error)                 LearnStatus(ctx) (LearnStatus, error)
//	ViewUser(ctx, id) (UserView, error)   SetPersonal(ctx, id, on bool) error   SetConsent(ctx, id, name string, given bool) error
//	ExportUser(ctx, id, w) error          EraseUser(ctx, id) (Erased, error)   Unhide(ctx, user, key string) error
//	Backup(ctx, path) error   VerifyBackup(path, Lang) error   Restore(path, dir) error   (the last two are functions)
//	Doctor(ctx, Lang) []Check   DoctorLLM(ctx, Lang) []Check   Health() Health
//	Evaluate(ctx, EvalOptions, Truth) (EvalReport, error)
//	Domains() []DomainView   Label(domain, key string, Lang) string   FieldLabel, Value for pages
