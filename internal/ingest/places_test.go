package ingest

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"because"
	"because/internal/pack"
)

// writeCatalogue makes a folder in the form of CrossWOZ, of invented places and one dialogue about them.
func writeCatalogue(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, s := range map[string]string{
		"attraction_db.json": `[["听潮阁", {"领域": "景点", "名称": "听潮阁", "地址": "青石镇 1 号", "地铁": null, "电话": "000", "门票": 0,
			"游玩时间": "0.5小时 - 1小时", "评分": 4.6, "周边景点": ["望江亭"], "周边餐馆": ["老灶面馆"], "周边酒店": []}],
			["望江亭", {"领域": "景点", "名称": "望江亭", "门票": null, "游玩时间": "12小时 - 3天", "评分": null, "周边景点": []}],
			["不知", 3], ["无类", {"领域": "集市"}]]`,
		"hotel_db.json": `[["云栖客舍", {"领域": "酒店", "名称": "云栖客舍", "酒店类型": "经济型", "地铁": "青石地铁站B口", "酒店设施": ["24小时热水", "酒店各处提供wifi", "观星台", "\n "],
			"价格": 268, "评分": 4.3, "周边景点": ["听潮阁"]}]]`,
		"restaurant_db.json": `[["老灶面馆", {"领域": "餐馆", "名称": "老灶面馆", "推荐菜": ["手擀面", "烧烤", "手擀面"], "人均消费": 32, "评分": 4.1, "营业时间": "9:00-21:00"}]]`,
		"metro_db.json":      `[["听潮阁", {"领域": "地铁", "名称": "听潮阁", "地铁": null}]]`,
		"README.md":          "invented",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Create(filepath.Join(dir, "val.json.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	w, err := z.Create("val.json")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Write([]byte(`{"7": {"goal": [], "messages": [
		{"content": "找一家评分4分以上的面馆", "role": "usr", "dialog_act": [["Inform", "餐馆", "评分", "4分以上"], ["Request", "餐馆", "名称", ""]]},
		{"content": "老灶面馆不错。", "role": "sys", "dialog_act": [["Recommend", "餐馆", "名称", "老灶面馆"]]},
		{"content": "谢谢", "role": "usr", "dialog_act": [["General", "thank", "none", "none"]]}]}}`))
	if err := errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPlaces(t *testing.T) {
	k := &kept{}
	dir := writeCatalogue(t)
	rep, err := Run(t.Context(), Options{Kind: "dataset", Path: dir, Now: now, Zone: shanghai, Lang: because.English}, k)
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Files) != 4 || len(k.items) != 4 || len(k.interactions) != 2 {
		t.Fatalf("%d files, %d items, %d interactions: %+v", len(rep.Files), len(k.items), len(k.interactions), rep.Files)
	}
	rejected := 0
	for _, f := range rep.Files {
		rejected += f.Rejected
	}
	if rejected != 2 {
		t.Errorf("%d rows rejected, want the two that are no places", rejected)
	}
	items := map[string]because.Item{}
	for _, it := range k.items {
		items[it.ID] = it
	}
	sight, hotel, eatery := items["sight:听潮阁"], items["city_hotel:云栖客舍"], items["restaurant:老灶面馆"]
	if *sight.Attributes["ticket"].Number != 0 || *sight.Attributes["visit"].Number != .5 || *sight.Attributes["visit_most"].Number != 1 {
		t.Errorf("the sight's numbers: %+v", sight.Attributes)
	}
	if got := sight.Attributes["around"].Words; !slices.Equal(got, []string{"望江亭", "老灶面馆"}) {
		t.Errorf("around the sight: %q", got)
	}
	other := items["sight:望江亭"]
	if _, ok := other.Attributes["ticket"]; ok || *other.Attributes["visit_most"].Number != 72 {
		t.Errorf("a ticket that is unknown is none, three days are 72 hours: %+v", other.Attributes)
	}
	if got := hotel.Attributes["facilities"].Words; !slices.Equal(got, []string{"hot_water", "wifi_all", "观星台"}) || !hotel.Attributes["class"].Is("economy") || hotel.Price != 268 {
		t.Errorf("the hotel: %+v, price %g", hotel.Attributes, hotel.Price)
	}
	if got := eatery.Attributes["dishes"].Words; !slices.Equal(got, []string{"手擀面", "烧烤"}) { // a dish is never a facility
		t.Errorf("dishes: %q", got)
	}
	if x := k.interactions; x[0].Kind != because.Search || !x[0].Context.At.IsZero() || x[1].Item != "restaurant:老灶面馆" || x[1].Kind != because.View {
		t.Errorf("interactions: %+v", x)
	}
	d, err := Dialogues(dir)
	if err != nil || len(d) != 1 || len(d[0].Turns) != 3 || d[0].Turns[0].Acts[0].Value != "4分以上" {
		t.Errorf("dialogues: %+v, %v", d, err)
	}
	if _, err := Dialogues(t.TempDir()); err == nil {
		t.Error("an empty folder has dialogues")
	}
}

func TestStay(t *testing.T) {
	for _, tt := range []struct {
		s         string
		low, high float64
		ok        bool
	}{
		{"2小时", 2, 2, true}, {"0.5小时 - 1小时", .5, 1, true}, {"12小时 - 3天", 12, 72, true}, {"0.0小时", 0, 0, false}, {"半天", 0, 0, false}, {"", 0, 0, false},
	} {
		if low, high, ok := stay(tt.s); ok != tt.ok || ok && (low != tt.low || high != tt.high) {
			t.Errorf("%q: %g to %g, %v", tt.s, low, high, ok)
		}
	}
}

// TestRealPlaces imports the catalogue of CrossWOZ: every place, with every facility a word of the pack.
func TestRealPlaces(t *testing.T) {
	k := &kept{}
	rep, err := Run(t.Context(), Options{Kind: "dataset", Path: data(t, "crosswoz-travel"), Now: now, Zone: shanghai, Lang: because.Chinese}, k)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range rep.Files {
		if f.Rejected+f.Duplicates > 0 {
			t.Errorf("%s: %d rejected, %d duplicates: %+v", f.File, f.Rejected, f.Duplicates, f.Samples)
		}
	}
	kinds, p := map[string]int{}, pack.Builtin().Pack(placeDomain)
	for _, it := range k.items {
		kinds[it.Categories[0]]++
		for _, w := range append(it.Attributes["facilities"].Words, it.Attributes["class"].Words...) {
			if p.Words[w].Zh == "" {
				t.Errorf("%s: %q is no word of the pack", it.ID, w)
			}
		}
		if strings.TrimSpace(it.Name.In(because.Chinese)) == "" {
			t.Errorf("%s has no name", it.ID)
		}
	}
	if kinds["sight"] != 465 || kinds["city_hotel"] != 1133 || kinds["restaurant"] != 951 {
		t.Errorf("places by kind: %v", kinds)
	}
	people := map[string]bool{}
	for _, x := range k.interactions {
		people[x.User] = true
	}
	if len(people) != 497 { // three of the 500 only ask after a place that they name
		t.Errorf("%d travellers", len(people))
	}
}
