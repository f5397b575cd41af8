package lm

// Diversity measures how much texts differ: the share of different pairs of neighbouring tokens among all (distinct-2, Li
// et al. 2016), and the mean BLEU-4 of each text against all others (self-BLEU, Zhu et al. 2018; 0 for fewer than two
// texts). Compare it between equally many texts only: both numbers depend on how many there are.
func Diversity(texts [][]int32) (distinct2, selfBLEU4 float64) {
	return distinct(texts, 2), selfBLEU(texts, 4)
}
