package engine

import (
	"errors"
	"strings"

	"because"
	"because/internal/lm"
)

// openBackend opens what a training runs on, before any work is done.
func openBackend(name string, devices int) (*lm.Backend, error) {
	b, err := lm.OpenBackend(name, devices)
	switch {
	case err == nil:
		return b, nil
	case errors.Is(err, lm.ErrNoBackend):
		return nil, because.Errorf(because.ErrInvalid, "There is no backend %q. Write go, or xla: and the path of a PJRT plug-in.", short(name))
	case errors.Is(err, lm.ErrWithoutXLA):
		return nil, because.Errorf(because.ErrInvalid, "This binary was built without XLA. Build it with make build-xla, or set train.backend to go.")
	case errors.Is(err, lm.ErrDevices):
		return nil, because.Errorf(because.ErrInvalid, "The backend %s has fewer than %d devices.", short(name), devices)
	}
	why, _, _ := strings.Cut(errors.Unwrap(err).Error(), "\n")
	return nil, because.Errorf(because.ErrInvalid, "The PJRT plug-in %s cannot be loaded: %s", strings.TrimPrefix(name, "xla:"), why)
}

// resumeError says it in a sentence if a training cannot go on because it was begun on another backend.
func resumeError(err error) error {
	if errors.Is(err, lm.ErrOtherBatches) {
		return because.Errorf(because.ErrInvalid, "The run that was stopped used another backend, which cuts other batches. Resume it with that backend, or start anew without --resume.")
	}
	return err
}
