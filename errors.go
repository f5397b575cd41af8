package because

import "errors"

// The kinds of error that a caller can act on, matched with errors.Is.
var (
	ErrInvalid     = errors.New("invalid")     // the input is wrong; correct it and try again
	ErrNotFound    = errors.New("not found")   // there is no such user, item, impression …
	ErrConflict    = errors.New("conflict")    // another process or a newer version holds it
	ErrForbidden   = errors.New("forbidden")   // a rule, consent or permission says no
	ErrUnavailable = errors.New("unavailable") // an endpoint, a disk or a model cannot serve just now
)

// readerError is an error with a sentence for a person.
type readerError struct {
	kind   error
	format string
	args   []any
}

// Errorf makes an error of one kind whose sentence may be shown to a person: what is wrong, what to do.
//
// format is the English sentence and the key of its Chinese wording in messages/. A test reads every call and fails
// when a wording is missing, so format must be a string literal.
func Errorf(kind error, format string, args ...any) error {
	return &readerError{kind, format, args}
}

func (e *readerError) Error() string { return Say(English, e.format, e.args...) }
func (e *readerError) Unwrap() error { return e.kind }

// Message returns the sentence for a person that err carries, in lang, and whether it carries one. What carries none
// must be logged and shown as one neutral sentence.
func Message(err error, lang Lang) (string, bool) {
	var e *readerError
	if !errors.As(err, &e) {
		return "", false
	}
	return Say(lang, e.format, e.args...), true
}
