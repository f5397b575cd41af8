package lm

import (
	"fmt"

	"github.com/gomlx/compute/distributed"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/core/tensors/dtensor"
	"github.com/gomlx/gomlx/ml/model"
)

// A mesh is devices that train together (data parallelism): each has all weights, and its share of a micro-batch's rows.
// The graphs are those of one device; XLA's Shardy cuts them and adds the gradients up across the devices.
type mesh struct {
	devices     *distributed.DeviceMesh
	rows, whole *distributed.ShardingSpec // cut along the first axis; the same on every device
}

func newMesh(devices int) (*mesh, error) {
	const axis = "rows"
	d, err := distributed.NewDeviceMesh([]int{devices}, []string{axis})
	if err != nil {
		return nil, fmt.Errorf("make a mesh of %d devices: %w", devices, err)
	}
	m := &mesh{devices: d, whole: distributed.NewReplicatedShardingSpec(d)}
	if m.rows, err = distributed.NewShardingSpec(d, distributed.AxisSpec{axis}); err != nil {
		return nil, fmt.Errorf("make a mesh of %d devices: %w", devices, err)
	}
	return m, nil
}

func (m *mesh) size() int { return m.devices.NumDevices() }

// An onMesh is a graph that runs on all devices of a mesh, or on the one device where mesh is nil.
type onMesh struct {
	exec *model.Exec
	mesh *mesh
	cut  *distributed.ShardingSpec // of every input
}

// cutRows runs a graph whose inputs all have the micro-batch's rows as their first axis.
func (m *mesh) cutRows(exec *model.Exec) onMesh {
	if m == nil {
		return onMesh{exec: exec}
	}
	return m.run(exec, m.rows)
}

// repeat runs a graph in which every device does the same.
func (m *mesh) repeat(exec *model.Exec) onMesh {
	if m == nil {
		return onMesh{exec: exec}
	}
	return m.run(exec, m.whole)
}

func (m *mesh) run(exec *model.Exec, in *distributed.ShardingSpec) onMesh {
	return onMesh{exec.AutoSharding(m.devices).WithInputShardingSpecs(in).WithOutputShardingSpecs(m.whole), m, in}
}

// call runs the graph. The results are those of the first device; the others' are the same.
func (e onMesh) call(in ...any) ([]*tensors.Tensor, error) {
	if e.mesh == nil {
		return e.exec.Call(in...)
	}
	args := make([]any, len(in))
	for i, t := range in {
		var err error
		if args[i], err = dtensor.ShardTensor(e.cut, t.(*tensors.Tensor)); err != nil {
			return nil, err
		}
	}
	out, err := e.exec.Call(args...)
	if err != nil {
		return nil, err
	}
	n := len(out) / e.mesh.size()
	for _, other := range out[n:] {
		other.MustFinalizeAll()
	}
	return out[:n], nil
}
