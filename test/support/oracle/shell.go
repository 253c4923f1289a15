package main

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

type span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

type word struct {
	span
	// The text when the word is one unquoted literal, else null.
	Literal *string `json:"literal"`
}

type assignment struct {
	span
	Name string `json:"name"`
}

// A simple command. `export X=1` and its like (declaration commands) are simple commands too.
type command struct {
	Assignments []assignment `json:"assignments"`
	Words       []word       `json:"words"`
}

type hereDocument struct {
	Delimiter span `json:"delimiter"`
	// Without the line of the terminator; null when there is none.
	Body *span `json:"body"`
}

type script struct {
	Commands []command `json:"commands"`
	// Names of declared functions.
	Functions []span         `json:"functions"`
	Heredocs  []hereDocument `json:"heredocs"`
	// Words outside simple commands: of for and select lists, case words and patterns, redirections, `[[ ]]`.
	Others []span `json:"others"`
}

func readShell(text string) (*script, *failure) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		return nil, shellFailure(err)
	}
	reader := &shellReader{text: text, units: utf16Offsets(text), out: &script{
		Commands: []command{}, Functions: []span{}, Heredocs: []hereDocument{}, Others: []span{},
	}}
	syntax.Walk(file, reader.visit)
	return reader.out, nil
}

func shellFailure(err error) *failure {
	result := &failure{Message: err.Error(), Phase: "shell"}
	var parseError syntax.ParseError
	var langError syntax.LangError
	if errors.As(err, &parseError) {
		result.Line = int(parseError.Pos.Line())
	} else if errors.As(err, &langError) {
		result.Line = int(langError.Pos.Line())
	}
	return result
}

type shellReader struct {
	text  string
	units []int
	out   *script
}

func (r *shellReader) span(node syntax.Node) span {
	return span{r.units[node.Pos().Offset()], r.units[node.End().Offset()]}
}

func (r *shellReader) visit(node syntax.Node) bool {
	switch node := node.(type) {
	case *syntax.CallExpr:
		item := command{Assignments: []assignment{}, Words: []word{}}
		for _, each := range node.Assigns {
			item.Assignments = append(item.Assignments, assignment{r.span(each), each.Name.Value})
		}
		for _, each := range node.Args {
			item.Words = append(item.Words, word{r.span(each), literal(each)})
		}
		r.out.Commands = append(r.out.Commands, item)
	case *syntax.DeclClause:
		name := node.Variant.Value
		item := command{Assignments: []assignment{}, Words: []word{{r.span(node.Variant), &name}}}
		for _, each := range node.Args {
			argument := word{r.span(each), nil}
			if each.Naked && each.Name == nil {
				argument.Literal = literal(each.Value)
			} else if each.Naked && each.Index == nil {
				argument.Literal = &each.Name.Value
			}
			item.Words = append(item.Words, argument)
		}
		r.out.Commands = append(r.out.Commands, item)
	case *syntax.LetClause:
		name := "let"
		start := r.units[node.Let.Offset()]
		item := command{Assignments: []assignment{}, Words: []word{{span{start, start + len(name)}, &name}}}
		for _, each := range node.Exprs {
			item.Words = append(item.Words, word{r.span(each), nil})
		}
		r.out.Commands = append(r.out.Commands, item)
	case *syntax.FuncDecl:
		r.out.Functions = append(r.out.Functions, r.span(node.Name))
	case *syntax.Redirect:
		if node.Op != syntax.Hdoc && node.Op != syntax.DashHdoc {
			r.others(node.Word)
			break
		}
		item := hereDocument{Delimiter: r.span(node.Word)}
		if node.Hdoc != nil {
			body := r.body(node.Hdoc)
			item.Body = &body
		}
		r.out.Heredocs = append(r.out.Heredocs, item)
	case *syntax.WordIter:
		r.others(node.Items...)
	case *syntax.CaseClause:
		r.others(node.Word)
	case *syntax.CaseItem:
		r.others(node.Patterns...)
	case *syntax.UnaryTest:
		r.testOperands(node.X)
	case *syntax.BinaryTest:
		r.testOperands(node.X, node.Y)
	}
	return true
}

// body leaves out the terminator, which mvdan.cc/sh 3.7 counts into the position (not the value) of the last literal.
func (r *shellReader) body(node *syntax.Word) span {
	start, end := int(node.Pos().Offset()), int(node.End().Offset())
	end = start + strings.LastIndexByte(r.text[start:end], '\n') + 1
	return span{r.units[start], r.units[end]}
}

func (r *shellReader) others(words ...*syntax.Word) {
	for _, each := range words {
		r.out.Others = append(r.out.Others, r.span(each))
	}
}

func (r *shellReader) testOperands(operands ...syntax.TestExpr) {
	for _, each := range operands {
		if operand, ok := each.(*syntax.Word); ok {
			r.others(operand)
		}
	}
}

func literal(node *syntax.Word) *string {
	if node == nil || len(node.Parts) != 1 {
		return nil
	}
	if lit, ok := node.Parts[0].(*syntax.Lit); ok {
		return &lit.Value
	}
	return nil
}

// utf16Offsets maps every byte offset of the text, its end too, to the offset in UTF-16 code units.
func utf16Offsets(text string) []int {
	units := make([]int, len(text)+1)
	count := 0
	for at, char := range text {
		units[at] = count
		width := 1
		if char >= 0x10000 {
			width = 2
		}
		for next := at + 1; next < len(text) && text[next]&0xC0 == 0x80; next++ {
			units[next] = count + width
		}
		count += width
	}
	units[len(text)] = count
	return units
}
