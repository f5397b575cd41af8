package fakellm

// A Mode says how the server behaves.
type Mode string

// The modes. Where nothing else is said the response is a 200 with a well-formed completion.
const (
	OK Mode = "ok" // cites the leading evidence, in the prompt's language

	// Connection.
	Refused    Mode = "refused"    // nothing listens
	BlackHole  Mode = "black hole" // the network drops what is sent
	Reset      Mode = "reset"      // hangs up before the header
	ResetHead  Mode = "reset in header"
	ResetBody  Mode = "reset in body"
	BadCert    Mode = "bad certificate" // TLS, signed by nobody
	StalledTLS Mode = "stalled TLS"     // accepts and says nothing of the handshake
	NoHost     Mode = "no host"         // the name is not known
	Redirect   Mode = "redirect"        // to a metadata address
	CloseRace  Mode = "close race"      // closes a kept connection when the next request has been sent on it

	// Status.
	Status400       Mode = "400"
	Status401       Mode = "401"
	Status403       Mode = "403"
	Status404       Mode = "404"
	Status408       Mode = "408"
	Status409       Mode = "409"
	Status413       Mode = "413"
	Status422       Mode = "422"
	Status429       Mode = "429"
	Status429Soon   Mode = "429 then ok"     // Retry-After 0.05, then well
	Status429Second Mode = "429 for 1 s"     // Retry-After 1
	Status429Late   Mode = "429 for ages"    // Retry-After 10⁹
	Status429Past   Mode = "429 in the past" // Retry-After is a date gone by
	Status500       Mode = "500"
	Status502       Mode = "502" // an HTML page
	Status503       Mode = "503"
	Status503Once   Mode = "503 then ok"
	Status529       Mode = "529"
	HTML            Mode = "html" // 200 and an HTML page
	KeyInError      Mode = "key in error"
	NoSchema        Mode = "no schema" // 400 for response_format json_schema, well otherwise
	NoFormat        Mode = "no format" // 400 for any response_format
	NoExtras        Mode = "no extras" // 400 for members of the body that OpenAI does not name

	// Timing.
	SilentHead   Mode = "silent"         // accepts and says nothing
	SilentBody   Mode = "silent body"    // sends the header and then nothing
	Drip         Mode = "1 byte/s"       // one byte a second
	Slow         Mode = "slow"           // answers after 150 ms
	LastMoment   Mode = "last moment"    // the first byte comes a millisecond before the default deadline
	EndlessSSE   Mode = "endless stream" // well-formed chunks for ever
	AfterCancel  Mode = "after cancel"   // answers when the caller has left
	KeepAlive    Mode = "keep-alive"     // blank lines while it thinks, then the answer
	EndlessSpace Mode = "endless spaces" // a completion that goes on in white space

	// Body.
	BlankBody       Mode = "blank body" // 200 and no body
	EmptyObject     Mode = "empty object"
	EmptyChoices    Mode = "empty choices"
	NullContent     Mode = "null content" // reasoning_content only
	Reasoning       Mode = "reasoning"    // reasoning_content beside a good answer
	ThinkClosed     Mode = "think closed"
	ThinkUnclosed   Mode = "think unclosed"
	ThinkEndOnly    Mode = "think end only"
	ToolCall        Mode = "tool call"
	Length          Mode = "length"    // finish_reason length
	Truncated       Mode = "truncated" // the completion itself stops in the middle
	TruncatedAnswer Mode = "truncated answer"
	Whitespace      Mode = "whitespace" // the answer is a good start and then blanks
	Duplicate       Mode = "duplicate keys"
	DuplicateText   Mode = "duplicate content" // the message has two contents, the first of them invented
	WrongTypes      Mode = "wrong types"
	NaN             Mode = "NaN"
	Deep            Mode = "deep"              // nested a hundred thousand times
	DeepAnswer      Mode = "deep answer"       // the same, within the content
	Huge            Mode = "100 MB"            // never stops sending
	HugeLength      Mode = "100 MB length"     // announces 100 MB
	Gzip            Mode = "gzip"              // a compressed body that nobody asked for, large when unpacked
	BadUTF8         Mode = "bad UTF-8"         // in the model's name
	BadUTF8Text     Mode = "bad UTF-8 content" // in the content
	SplitRune       Mode = "split character"   // a chunk ends within a character
	WrongType       Mode = "text/plain"        // right body, wrong content type
	NoDone          Mode = "no [DONE]"         // a stream that nobody asked for, without its end
	Comments        Mode = "comments"          // a stream of comments for ever
	Fence           Mode = "code fence"
	Plain           Mode = "plain" // prose instead of JSON

	// Meaning.
	WrongLanguage Mode = "wrong language"
	EchoPrompt    Mode = "echoes prompt"
	Declines      Mode = "declines"
	RefusalField  Mode = "refusal field"
	Nonsense      Mode = "nonsense" // confident numbers of its own
	ForeignIDs    Mode = "foreign ids"
	OtherFacts    Mode = "other facts" // what the prompt before this one led with
	Obedient      Mode = "attacker obedient"
	Rambling      Mode = "rambling"
	OtherModel    Mode = "other model"
	NoUsage       Mode = "no usage"
	AbsurdUsage   Mode = "absurd usage"
)

// A Failure is a way to fail that has a name of its own.
type Failure struct {
	Group, Name string
	Modes       []Mode // by turns, where the name stands for several
}

// Waits reports whether a caller hears nothing, or not the whole, before its deadline.
func (f Failure) Waits() bool {
	switch f.Modes[0] {
	case BlackHole, StalledTLS, SilentHead, SilentBody, Drip, LastMoment, AfterCancel:
		return true
	}
	return false
}

// Failures are what servers, the proxies before them and models have been seen to do.
var Failures = []Failure{
	{"connection", "refused", []Mode{Refused}},
	{"connection", "black hole", []Mode{BlackHole}},
	{"connection", "reset mid-header", []Mode{ResetHead}},
	{"connection", "reset mid-body", []Mode{ResetBody}},
	{"connection", "TLS bad certificate", []Mode{BadCert}},
	{"connection", "TLS handshake stalls", []Mode{StalledTLS}},
	{"connection", "DNS fails", []Mode{NoHost}},
	{"connection", "redirect to metadata", []Mode{Redirect}},
	{"connection", "keep-alive close race", []Mode{CloseRace}},

	{"status", "400", []Mode{Status400}},
	{"status", "401", []Mode{Status401, KeyInError}},
	{"status", "403", []Mode{Status403}},
	{"status", "404 model", []Mode{Status404}},
	{"status", "408", []Mode{Status408}},
	{"status", "409", []Mode{Status409}},
	{"status", "413", []Mode{Status413}},
	{"status", "422", []Mode{Status422}},
	{"status", "429", []Mode{Status429}},
	{"status", "429, 1 s", []Mode{Status429Second}},
	{"status", "429, 10⁹ s", []Mode{Status429Late}},
	{"status", "429, date in the past", []Mode{Status429Past}},
	{"status", "500", []Mode{Status500}},
	{"status", "502, HTML", []Mode{Status502}},
	{"status", "503", []Mode{Status503}},
	{"status", "529", []Mode{Status529}},

	{"timing", "accepts, then silent", []Mode{SilentHead}},
	{"timing", "header, then silent", []Mode{SilentBody}},
	{"timing", "1 byte/s", []Mode{Drip}},
	{"timing", "deadline − 1 ms", []Mode{LastMoment}},
	{"timing", "endless valid stream", []Mode{EndlessSSE}},
	{"timing", "answers after cancel", []Mode{AfterCancel}},

	{"body", "empty", []Mode{BlankBody}},
	{"body", "empty choices", []Mode{EmptyChoices}},
	{"body", "null content", []Mode{NullContent}},
	{"body", "<think> unclosed", []Mode{ThinkUnclosed}},
	{"body", "</think> only", []Mode{ThinkEndOnly}},
	{"body", "tool call", []Mode{ToolCall}},
	{"body", "finish_reason length", []Mode{Length}},
	{"body", "truncated JSON", []Mode{Truncated, TruncatedAnswer}},
	{"body", "endless white space", []Mode{EndlessSpace, Whitespace}},
	{"body", "duplicate keys", []Mode{Duplicate, DuplicateText}},
	{"body", "wrong types, NaN", []Mode{WrongTypes, NaN}},
	{"body", "depth 10⁵", []Mode{Deep, DeepAnswer}},
	{"body", "100 MB", []Mode{Huge, HugeLength}},
	{"body", "gzip bomb", []Mode{Gzip}},
	{"body", "invalid UTF-8", []Mode{BadUTF8, BadUTF8Text}},
	{"body", "split character", []Mode{SplitRune}},
	{"body", "wrong content type", []Mode{WrongType}},
	{"body", "no [DONE]", []Mode{NoDone}},
	{"body", "comments only", []Mode{Comments}},

	{"meaning", "wrong language", []Mode{WrongLanguage}},
	{"meaning", "echoes the prompt", []Mode{EchoPrompt}},
	{"meaning", "refuses politely", []Mode{Declines, RefusalField}},
	{"meaning", "confident numbers", []Mode{Nonsense}},
	{"meaning", "another item's facts", []Mode{OtherFacts, ForeignIDs}},
	{"meaning", "attacker obedient", []Mode{Obedient}},
	{"meaning", "another model", []Mode{OtherModel}},
	{"meaning", "usage missing or absurd", []Mode{NoUsage, AbsurdUsage}},
}

// Others are the ways to behave that no failure is named for.
var Others = []Mode{OK, Reset, Status429Soon, Status503Once, HTML, NoSchema, NoFormat, NoExtras, Slow, KeepAlive, EmptyObject, Reasoning, ThinkClosed,
	Fence, Plain, Rambling}
