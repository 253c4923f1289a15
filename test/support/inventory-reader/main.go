// Reads an inventory with the libraries of CycloneDX and SPDX for Go, and with another validator of JSON schemas than the product's.
//
//	inventory-reader cyclonedx FOLDER < FILE
//	inventory-reader spdx < FILE
//
// Prints what was read as JSON; exit 1 with each fault on stderr.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	cdx "github.com/CycloneDX/cyclonedx-go"
	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdxlib"
	"github.com/xeipuuv/gojsonschema"
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		fail(err)
	}
	var read map[string]int
	switch os.Args[1] {
	case "cyclonedx":
		read, err = readCycloneDX(text, os.Args[2])
	case "spdx":
		read, err = readSPDX(text)
	default:
		err = fmt.Errorf("no such form: %s", os.Args[1])
	}
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(read); err != nil {
		fail(err)
	}
}

func readCycloneDX(text []byte, schemas string) (map[string]int, error) {
	bom := new(cdx.BOM)
	if err := cdx.NewBOMDecoder(bytes.NewReader(text), cdx.BOMFileFormatJSON).Decode(bom); err != nil {
		return nil, err
	}
	if err := validate(text, schemas, bom.SpecVersion.String()); err != nil {
		return nil, err
	}
	// What no schema can say: that each reference leads somewhere, and that no two parts have one name.
	known := map[string]bool{}
	add := func(ref string) error {
		if ref != "" && known[ref] {
			return fmt.Errorf("two components have the reference %s", ref)
		}
		known[ref] = true
		return nil
	}
	if bom.Metadata != nil && bom.Metadata.Component != nil {
		if err := add(bom.Metadata.Component.BOMRef); err != nil {
			return nil, err
		}
	}
	components := []cdx.Component{}
	if bom.Components != nil {
		components = *bom.Components
	}
	for _, component := range components {
		if err := add(component.BOMRef); err != nil {
			return nil, err
		}
	}
	dependencies := []cdx.Dependency{}
	if bom.Dependencies != nil {
		dependencies = *bom.Dependencies
	}
	for _, dependency := range dependencies {
		refs := []string{dependency.Ref}
		if dependency.Dependencies != nil {
			refs = append(refs, *dependency.Dependencies...)
		}
		for _, ref := range refs {
			if !known[ref] {
				return nil, fmt.Errorf("no component has the reference %s", ref)
			}
		}
	}
	return map[string]int{"components": len(components), "dependencies": len(dependencies)}, nil
}

func validate(text []byte, schemas, version string) error {
	loader := gojsonschema.NewSchemaLoader()
	// The schema names these two by their addresses; nothing is fetched.
	for name, file := range map[string]string{"spdx.schema.json": "spdx.schema.json", "jsf-0.82.schema.json": "jsf-0.82.schema*.json"} {
		found, err := filepath.Glob(filepath.Join(schemas, file))
		if err != nil || len(found) != 1 {
			return fmt.Errorf("%s is not in %s", file, schemas)
		}
		part, err := os.ReadFile(found[0])
		if err != nil {
			return err
		}
		if err := loader.AddSchema("http://cyclonedx.org/schema/"+name, gojsonschema.NewBytesLoader(part)); err != nil {
			return err
		}
	}
	whole, err := os.ReadFile(filepath.Join(schemas, "bom-"+version+".schema.json"))
	if err != nil {
		return err
	}
	schema, err := loader.Compile(gojsonschema.NewBytesLoader(whole))
	if err != nil {
		return err
	}
	result, err := schema.Validate(gojsonschema.NewBytesLoader(text))
	if err != nil {
		return err
	}
	if result.Valid() {
		return nil
	}
	faults := ""
	for _, fault := range result.Errors() {
		faults += fault.String() + "\n"
	}
	return fmt.Errorf("not as the schema has it:\n%s", faults)
}

func readSPDX(text []byte) (map[string]int, error) {
	document, err := spdxjson.Read(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	if err := spdxlib.ValidateDocument(document); err != nil {
		return nil, err
	}
	described, err := spdxlib.GetDescribedPackageIDs(document)
	if err != nil {
		return nil, err
	}
	return map[string]int{
		"packages":      len(document.Packages),
		"files":         len(document.Files),
		"relationships": len(document.Relationships),
		"described":     len(described),
	}, nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
