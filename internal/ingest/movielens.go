package ingest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"because"
)

// u100k are the genres of the columns of u.item, the oldest of MovieLens' forms.
var u100k = []string{"unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western"}

// movieLens makes a part of a file of MovieLens or MovieTweetings, by its name. Tags are read as reviews.
func movieLens(stem, ext string, p *part) bool {
	f := &flavour{domain: "entertainment"}
	p.flavour, p.format = f, "movielens"
	var header string
	switch stem + "." + ext {
	case "movies.dat":
		p.kind, header = kindItems, "item title genres"
	case "ratings.dat":
		p.kind, header = kindInteractions, "user item rating timestamp"
	case "tags.dat":
		p.kind, header = kindReviews, "user item tag timestamp"
	case "users.dat":
		p.kind, header = kindUsers, "user gender age occupation zip"
	case "u.data":
		p.kind, header, f.comma = kindInteractions, "user item rating timestamp", "\t"
	case "u.item":
		p.kind, f.comma, f.header = kindItems, "|", append([]string{"item", "title", "release_date", "video_date", "imdb_url"}, u100k...)
	case "movies.csv":
		p.kind, f.comma = kindItems, ","
	case "ratings.csv":
		p.kind, f.comma = kindInteractions, ","
	case "tags.csv":
		p.kind, f.comma = kindReviews, ","
	default:
		return false
	}
	if header != "" {
		f.header = strings.Fields(header)
		if f.comma == "" {
			f.comma = "::"
		}
	}
	if p.kind == kindItems {
		f.item = film
	}
	return true
}

var (
	yearAtEnd = regexp.MustCompile(`^(.*?)\s*\((\d{4})(?:[-–](?:\d{4})?)?\)\s*$`)
	inParens  = regexp.MustCompile(`^(.*\S)\s*\(([^()]+)\)$`)
	articles  = []string{"The", "A", "An", "Le", "La", "Les", "L'", "Un", "Une", "Il", "Lo", "Gli", "El", "Los", "Las", "Der", "Die", "Das", "Ein", "Den", "Det", "De", "O", "Os", "As"}
)

// film reads what MovieLens packs into a title: the year, the article behind, other titles in parentheses. Genres that
// the pack calls films are its words.
func film(x *because.Item) {
	title := strings.TrimSpace(x.Name.In(""))
	if m := yearAtEnd.FindStringSubmatch(title); m != nil {
		title = m[1]
		year, _ := strconv.Atoi(m[2])
		if x.Attributes == nil {
			x.Attributes = map[string]because.Value{}
		}
		x.Attributes["year"] = because.Num(float64(year), "")
		if x.Published.IsZero() {
			x.Published = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		}
	}
	for {
		m := inParens.FindStringSubmatch(title)
		if m == nil {
			break
		}
		other, aka := strings.CutPrefix(m[2], "a.k.a. ")
		if !aka && articleFirst(m[1]) == m[1] && articleFirst(other) == other {
			break
		}
		title = m[1]
		x.Aliases = append(x.Aliases, articleFirst(other))
	}
	if title = articleFirst(title); title != "" {
		x.Name = because.Plain(title)
	}
	for _, g := range u100k { // u.item has a column of 0 and 1 for each genre
		key := strings.ToLower(g)
		if v, ok := x.Attributes[key]; ok && v.Number != nil {
			delete(x.Attributes, key)
			if *v.Number == 1 && g != "unknown" {
				x.Categories = append(x.Categories, strings.ToLower(g))
			}
		}
	}
	for i, c := range x.Categories {
		if k := filmGenres[strings.ToLower(c)]; k != "" {
			x.Categories[i] = k
		}
	}
	slices.Reverse(x.Aliases)
}

// filmGenres are the pack's words for genres that it does not call by the names of these data sets.
var filmGenres = map[string]string{
	"children's": "children", "film-noir": "film_noir", "sci-fi": "sci_fi", "music": "music_film", "news": "news_film", "sport": "sport_film",
	"short": "short_film", "adult": "adult_film",
}

// articleFirst turns "Matrix, The" round.
func articleFirst(s string) string {
	i := strings.LastIndex(s, ", ")
	if i <= 0 {
		return s
	}
	a := s[i+2:]
	for _, w := range articles {
		if strings.EqualFold(a, w) {
			if strings.HasSuffix(a, "'") {
				return a + s[:i]
			}
			return a + " " + s[:i]
		}
	}
	return s
}
