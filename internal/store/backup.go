package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"because"
)

// A manifest says what a backup must be. It lies beside the backup, as <name>.json.
type manifest struct {
	Format  int       `json:"format"`
	Schema  int       `json:"schema"`
	Created time.Time `json:"created"`
	Bytes   int64     `json:"bytes"`
	SHA256  string    `json:"sha256"`
	Counts  Counts    `json:"counts"`
}

// RestoreOptions say how a backup is restored.
type RestoreOptions struct {
	Overwrite bool // the data that the folder holds
}

// Backup writes a copy as of one moment to path, and its manifest to path.json, while reads and writes go on.
// ErrConflict when path exists. A copy holds no traces of what had been erased or deleted.
func (db *DB) Backup(ctx context.Context, path string) error {
	for _, p := range []string{path, path + ".json"} {
		if _, err := os.Lstat(p); err == nil {
			return because.Errorf(because.ErrConflict, "%s exists. Choose another name.", p)
		}
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".backup-")
	if err != nil {
		return folderError(filepath.Dir(path), err)
	}
	defer os.RemoveAll(dir)
	copied := filepath.Join(dir, fileName)
	from := connect(filepath.Join(db.dir, fileName), readPragmas[:1], "mode=ro")
	defer from.Close()
	if _, err := from.ExecContext(ctx, "VACUUM INTO ?", copied); err != nil {
		return typed("back up", err)
	}
	m, err := db.describe(ctx, copied)
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(copied+".json", append(b, '\n')); err != nil {
		return typed("back up", err)
	}
	for _, end := range []string{".json", ""} { // the manifest first: a backup without one is refused anyway
		if err := os.Rename(copied+end, path+end); err != nil {
			return typed("back up", err)
		}
	}
	return typed("back up", syncDir(filepath.Dir(path)))
}

// describe syncs a copy and says what it is.
func (db *DB) describe(ctx context.Context, path string) (manifest, error) {
	m := manifest{Format: 1, Schema: schema, Created: db.now()}
	if err := os.Chmod(path, 0o600); err != nil {
		return m, typed("back up", err)
	}
	if err := syncFile(path); err != nil {
		return m, typed("back up", err)
	}
	var err error
	if m.SHA256, m.Bytes, err = sum(path); err != nil {
		return m, typed("back up", err)
	}
	c := connect(path, nil, "mode=ro", "immutable=1")
	defer c.Close()
	m.Counts, err = readCounts(ctx, c)
	return m, err
}

// VerifyBackup reads a backup completely; ErrInvalid when it is not what was written.
func VerifyBackup(path string) error {
	ctx := context.Background()
	m, err := readManifest(path)
	if err != nil {
		return err
	}
	if m.Format != 1 || m.Schema > schema {
		return because.Errorf(because.ErrConflict, "The backup %s was written by a newer version. Use that version.", path)
	}
	hash, size, err := sum(path)
	if err != nil {
		return typed("read backup", err)
	}
	if hash != m.SHA256 || size != m.Bytes {
		return because.Errorf(because.ErrInvalid, "The backup %s is not what was written: its checksum differs. Use another one.", path)
	}
	db := connect(path, nil, "mode=ro", "immutable=1")
	defer db.Close()
	if err := check(ctx, db); err != nil {
		return err
	}
	counts, err := readCounts(ctx, db)
	if err != nil {
		return err
	}
	if counts != m.Counts {
		return because.Errorf(because.ErrInvalid, "The backup %s does not hold the rows that its manifest names. Use another one.", path)
	}
	return nil
}

func readManifest(path string) (m manifest, err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return m, because.Errorf(because.ErrNotFound, "There is no backup %s.", path)
	}
	b, err := os.ReadFile(path + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return m, because.Errorf(because.ErrInvalid, "The backup %[1]s has no manifest: put %[1]s.json beside it.", path)
	}
	if err != nil {
		return m, typed("read manifest", err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("%w (%w)", because.Errorf(because.ErrInvalid, "The manifest %s.json is damaged. Use another backup.", path), err)
	}
	return m, nil
}

// Restore puts a verified backup into dir. ErrConflict when dir holds data, unless o.Overwrite, or is being written to.
func Restore(path, dir string, o RestoreOptions) error {
	if err := VerifyBackup(path); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return folderError(dir, err)
	}
	lock, err := takeLock(dir)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	to := filepath.Join(dir, fileName)
	if info, err := os.Stat(to); err == nil && info.Size() > 0 && !o.Overwrite {
		return because.Errorf(because.ErrConflict, "The folder %s holds data already. Choose an empty one, or say that it may be replaced.", dir)
	}
	temp, err := copyFile(path, dir)
	if err != nil {
		return typed("restore", err)
	}
	defer os.Remove(temp)
	for _, end := range []string{"-wal", "-shm"} { // a log of the old data must never meet the new
		if err := os.Remove(to + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return typed("restore", err)
		}
	}
	if err := syncDir(dir); err != nil {
		return typed("restore", err)
	}
	if err := os.Rename(temp, to); err != nil {
		return typed("restore", err)
	}
	return typed("restore", syncDir(dir))
}

// copyFile copies a file into dir, synced, under a name that nothing else has.
func copyFile(path, dir string) (name string, err error) {
	from, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer from.Close()
	to, err := os.CreateTemp(dir, ".restore-")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		os.Remove(to.Name())
	}
	return to.Name(), err
}

func sum(path string) (hash string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

func writeFile(path string, b []byte) error {
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return err
	}
	return syncFile(path)
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
