package ingest

// finish closes the account of the file.
func (t *reading) finish() *File {
	t.f.Encoding = t.in.decoder.name
	if t.f.Encoding == "ascii" || t.f.Encoding == "utf-8-bom" {
		t.f.Encoding = "utf-8"
	}
	return t.f
}
