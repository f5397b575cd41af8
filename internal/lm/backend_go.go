//go:build !xla

package lm

import "github.com/gomlx/compute"

func openXLA(string, int) (compute.Backend, error) { return nil, ErrWithoutXLA }
