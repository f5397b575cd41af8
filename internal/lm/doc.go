// Package lm is the small language model that writes explanations, the recurrent discriminator that is trained against
// it, and the encoder of behaviour that both the generator and the rankers may use.
//
// It knows tokens and hashed features; it does not know people, evidence, domains or languages. What a prompt means, and
// whether a text is true, is for its callers to say.
//
// A sequence is laid out as prompt | soft tokens | <text> | text | <end>. Training runs as GoMLX graphs; serving decodes
// with a key-value cache in plain Go over the same weights, and a test holds the two to each other. The same seed gives
// the same bytes, whatever the number of processors; on another Backend it gives the same numbers but for rounding.
package lm
