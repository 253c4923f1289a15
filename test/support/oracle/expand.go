package main

import (
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

func expandWord(req request) (*string, *failure) {
	escape := '\\'
	if req.Escape != "" {
		escape = []rune(req.Escape)[0]
	}
	value, err := shell.NewLex(escape).ProcessWordWithMap(req.Text, req.Args)
	if err != nil {
		return nil, failed(err, "expand")
	}
	return &value, nil
}

// expandStages follows the order of dockerfile2llb (buildMetaArgs, dispatchArg, dispatchEnv) with BuildKit's own Lex:
// platform arguments, then global ARGs, then FROM; inside a stage the environment grows with every ARG and ENV, the last
// one wins, and it is what the stages built on it start from.
//
// The order is that of BuildKit 0.25.2. It differs from 0.11.6 in three points: an error in a global ARG's default is told
// (0.11.6 drops it), a global ARG without a value leaves a platform argument alone (0.11.6 empties it), and the second
// variable of one ARG line sees the first.
func expandStages(result *dockerfile, stages []instructions.Stage, globals []instructions.ArgCommand, lex *shell.Lex, req request) *failure {
	meta := map[string]string{}
	for name, value := range req.Platform {
		meta[name] = value
	}
	for _, command := range globals {
		for _, arg := range command.Args {
			result.Globals = append(result.Globals, pair{arg.Key, copyOf(arg.Value)})
			if given, ok := req.Args[arg.Key]; ok {
				meta[arg.Key] = given
			} else if arg.Value != nil {
				value, err := lex.ProcessWordWithMap(*arg.Value, meta)
				if err != nil {
					return &failure{Message: err.Error(), Line: command.Location()[0].Start.Line, Phase: "global-arg"}
				}
				meta[arg.Key] = value
			}
		}
	}
	environments := map[string]map[string]string{}
	for _, each := range stages {
		item := stage{Name: each.Name, Line: each.Location[0].Start.Line, Base: each.BaseName, Platform: each.Platform}
		var err error
		if item.Image, err = lex.ProcessWordWithMap(each.BaseName, meta); err != nil {
			item.ImageError = err.Error()
		} else if item.ImagePlatform, err = lex.ProcessWordWithMap(each.Platform, meta); err != nil {
			item.ImageError = err.Error()
		}
		item.Env = map[string]string{}
		for name, value := range environments[strings.ToLower(item.Image)] {
			item.Env[name] = value
		}
		if err := runStage(item.Env, each.Commands, meta, lex, req.Args); err != nil {
			item.EnvError = err.Error()
		}
		if each.Name != "" {
			environments[each.Name] = item.Env
		}
		result.Stages = append(result.Stages, item)
	}
	return nil
}

func runStage(env map[string]string, commands []instructions.Command, meta map[string]string, lex *shell.Lex, given map[string]string) error {
	for _, command := range commands {
		expand := func(word string) (string, error) { return lex.ProcessWordWithMap(word, env) }
		switch command := command.(type) {
		case *instructions.EnvCommand:
			if err := command.Expand(expand); err != nil {
				return err
			}
			for _, each := range command.Env {
				env[each.Key] = each.Value
			}
		case *instructions.ArgCommand:
			for _, each := range command.Args {
				if value, ok := given[each.Key]; ok {
					env[each.Key] = value
				} else if each.Value != nil {
					value, err := expand(*each.Value)
					if err != nil {
						return err
					}
					env[each.Key] = value
				} else if value, ok := meta[each.Key]; ok {
					env[each.Key] = value
				}
			}
		}
	}
	return nil
}

func copyOf(text *string) *string {
	if text == nil {
		return nil
	}
	value := *text
	return &value
}
