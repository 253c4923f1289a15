// Command oracle tells how the parsers of BuildKit and of the shell world read a text.
//
// Requests come as JSON documents, one a line, on stdin; each is answered by one line on stdout, in the same order.
// Offsets in the answers are UTF-16 code units, half-open, as JavaScript counts; lines are 1-based.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type request struct {
	ID   int    `json:"id"`
	Kind string `json:"kind"` // dockerfile, shell or expand
	Text string `json:"text"`
	// dockerfile: build arguments, expand: the environment.
	Args map[string]string `json:"args"`
	// dockerfile: TARGETPLATFORM and its like.
	Platform map[string]string `json:"platform"`
	// expand: the escape character, a backslash unless told.
	Escape string `json:"escape"`
}

type failure struct {
	Message string `json:"message"`
	Line    int    `json:"line"`
	// parse, instructions, global-arg, expand, shell or panic.
	Phase string `json:"phase"`
}

type answer struct {
	ID int `json:"id"`
	// Set beside Dockerfile where the structure could be read and one instruction was refused (phase instructions).
	Error      *failure    `json:"error,omitempty"`
	Dockerfile *dockerfile `json:"dockerfile,omitempty"`
	Shell      *script     `json:"shell,omitempty"`
	Value      *string     `json:"value,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	decoder := json.NewDecoder(in)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for decoder.More() {
		var req request
		if err := decoder.Decode(&req); err != nil {
			fatal(err)
		}
		if err := encoder.Encode(answerTo(req)); err != nil {
			fatal(err)
		}
		if err := out.Flush(); err != nil {
			fatal(err)
		}
	}
}

func answerTo(req request) (res answer) {
	// A parser that panics on an input has refused it; the next request is still answered.
	defer func() {
		if cause := recover(); cause != nil {
			res = answer{Error: &failure{Message: fmt.Sprint(cause), Phase: "panic"}}
		}
		res.ID = req.ID
	}()
	switch req.Kind {
	case "dockerfile":
		res.Dockerfile, res.Error = readDockerfile(req)
	case "shell":
		res.Shell, res.Error = readShell(req.Text)
	case "expand":
		res.Value, res.Error = expandWord(req)
	default:
		res.Error = &failure{Message: "unknown kind " + req.Kind, Phase: "request"}
	}
	return res
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "oracle:", err)
	os.Exit(1)
}
