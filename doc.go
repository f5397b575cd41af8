// Package because is the vocabulary of a recommender that says why: items, users and interactions on the way in;
// recommendations, evidence, claims and explanations on the way out.
//
// Every other package speaks it. It holds plain structs and the rules that need nothing else; it imports the standard
// library alone and does no I/O. Lang, Text and the message catalogue are here because every stage that can refuse
// something must be able to say so in the reader's language.
package because
