module moby-build/inventory-reader

go 1.20

require (
	github.com/CycloneDX/cyclonedx-go v0.9.2
	github.com/spdx/tools-golang v0.5.5
	github.com/xeipuuv/gojsonschema v1.2.0
)

require (
	github.com/anchore/go-struct-converter v0.0.0-20221118182256-c68fdcfa2092 // indirect
	github.com/xeipuuv/gojsonpointer v0.0.0-20180127040702-4e3ac2762d5f // indirect
	github.com/xeipuuv/gojsonreference v0.0.0-20180127040603-bd5ef7bd5415 // indirect
)
