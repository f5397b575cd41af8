package rig_test

import (
	"os/exec"
	"syscall"
)

// bind lets a process end with this one, however this one ends.
func bind(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
