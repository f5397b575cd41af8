//go:build xla

package lm

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/go-xla/pjrt"
)

// openXLA loads a PJRT plug-in. One for the processor is told how many virtual devices to make.
func openXLA(plugin string, devices int) (compute.Backend, error) {
	path, err := filepath.Abs(plugin)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	options := pjrt.NamedValuesMap{}
	if devices > 1 && strings.Contains(filepath.Base(path), "cpu") {
		options["cpu_device_count"] = int64(devices)
	}
	b, err := xla.NewWithOptions(path, options)
	if err != nil {
		return nil, err // and not b, whose type would make it more than nil
	}
	return b, nil
}
