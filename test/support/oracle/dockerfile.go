package main

import (
	"errors"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

type dockerfile struct {
	Escape       string        `json:"escape"`
	Syntax       *syntaxLine   `json:"syntax"`
	Instructions []instruction `json:"instructions"`
	Globals      []pair        `json:"globals"`
	Stages       []stage       `json:"stages"`
}

type syntaxLine struct {
	Ref  string `json:"ref"`
	Line int    `json:"line"`
}

type pair struct {
	Name  string  `json:"name"`
	Value *string `json:"value"`
}

type instruction struct {
	Keyword string `json:"keyword"`
	Line    int    `json:"line"`
	EndLine int    `json:"endLine"`
	// Without quotes and escapes.
	Flags []string `json:"flags"`
	// The logical line: continuations joined, comments gone.
	Original string    `json:"original"`
	JSON     bool      `json:"json"`
	Args     []string  `json:"args"`
	Heredocs []heredoc `json:"heredocs"`
	// Null for other instructions than RUN, and where a mount was refused.
	Mounts []mount `json:"mounts"`
	// Of ARG and ENV; null for other instructions, and where the instruction was refused.
	Pairs []pair `json:"pairs"`
}

type heredoc struct {
	Name   string `json:"name"`
	Body   string `json:"body"`
	Expand bool   `json:"expand"`
	Chomp  bool   `json:"chomp"`
}

type mount struct {
	Type   string `json:"type"`
	From   string `json:"from"`
	Source string `json:"source"`
	Target string `json:"target"`
}

type stage struct {
	// Lower case; empty for a stage without a name.
	Name     string `json:"name"`
	Line     int    `json:"line"`
	Base     string `json:"base"`
	Platform string `json:"platform"`
	// Expanded as dockerfile2llb does it.
	Image         string `json:"image"`
	ImageError    string `json:"imageError,omitempty"`
	ImagePlatform string `json:"imagePlatform"`
	// ARG and ENV at the end of the stage, its parents' among them; nothing of external images.
	Env      map[string]string `json:"env"`
	EnvError string            `json:"envError,omitempty"`
}

func readDockerfile(req request) (*dockerfile, *failure) {
	parsed, err := parser.Parse(strings.NewReader(req.Text))
	if err != nil {
		return nil, failed(err, "parse")
	}
	result := &dockerfile{Escape: string(parsed.EscapeToken), Instructions: []instruction{}, Globals: []pair{}, Stages: []stage{}}
	if ref, _, location, ok := parser.DetectSyntax([]byte(req.Text)); ok {
		result.Syntax = &syntaxLine{Ref: ref, Line: location[0].Start.Line}
	}
	for _, node := range parsed.AST.Children {
		result.Instructions = append(result.Instructions, describe(node))
	}
	stages, globals, err := instructions.Parse(parsed.AST)
	if err != nil {
		return result, failed(err, "instructions")
	}
	if len(stages) == 0 {
		// Said later by dockerfile2llb, in other words.
		return result, &failure{Message: "no build stage in current context", Phase: "instructions"}
	}
	return result, expandStages(result, stages, globals, shell.NewLex(parsed.EscapeToken), req)
}

func describe(node *parser.Node) instruction {
	item := instruction{
		Keyword: strings.ToUpper(node.Value), Line: node.StartLine, EndLine: node.EndLine,
		Flags: append([]string{}, node.Flags...), Original: node.Original, JSON: node.Attributes["json"],
		Args: []string{}, Heredocs: []heredoc{},
	}
	for next := node.Next; next != nil; next = next.Next {
		item.Args = append(item.Args, next.Value)
	}
	for _, doc := range node.Heredocs {
		item.Heredocs = append(item.Heredocs, heredoc{Name: doc.Name, Body: doc.Content, Expand: doc.Expand, Chomp: doc.Chomp})
	}
	command, err := instructions.ParseInstruction(node)
	if err != nil {
		// Told by instructions.Parse; the structure stays comparable.
		return item
	}
	switch command := command.(type) {
	case *instructions.RunCommand:
		// Mounts are read when words are expanded; here variables stay as written.
		if err := command.Expand(func(word string) (string, error) { return word, nil }); err != nil {
			return item
		}
		item.Mounts = []mount{}
		for _, each := range instructions.GetMounts(command) {
			item.Mounts = append(item.Mounts, mount{Type: each.Type, From: each.From, Source: each.Source, Target: each.Target})
		}
	case *instructions.ArgCommand:
		item.Pairs = []pair{}
		for _, each := range command.Args {
			item.Pairs = append(item.Pairs, pair{each.Key, each.Value})
		}
	case *instructions.EnvCommand:
		item.Pairs = []pair{}
		for _, each := range command.Env {
			value := each.Value
			item.Pairs = append(item.Pairs, pair{each.Key, &value})
		}
	}
	return item
}

func failed(err error, phase string) *failure {
	result := &failure{Message: err.Error(), Phase: phase}
	var location *parser.ErrorLocation
	if errors.As(err, &location) && len(location.Location) > 0 {
		result.Line = location.Location[0].Start.Line
	}
	return result
}
