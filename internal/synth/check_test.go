package synth

import (
	"testing"

	"because/internal/pack"
)

// TestBuiltinWorlds checks every world file that ships with the binary against the packs that do.
func TestBuiltinWorlds(t *testing.T) {
	if err := Check(Builtin(), pack.Builtin()); err != nil {
		t.Error(err)
	}
}
