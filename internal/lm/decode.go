package lm

type packed struct{}
