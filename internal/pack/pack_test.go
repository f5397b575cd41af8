package pack

import "testing"

func TestBuiltinLoads(t *testing.T) {
	if _, err := Load(builtin); err != nil {
		t.Error(err)
	}
}
