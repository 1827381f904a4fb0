// Package tap prints results in the Test Anything Protocol, version 13: as much of it as runtime-tools asks for.
// Debian has its sources, but not the package by which they print; this one stands in its place while they are built.
package tap

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// T is one stream of results. Writer may be changed before Header.
type T struct {
	Writer io.Writer
	count  *int
	todo   bool
}

func New() *T { return &T{Writer: os.Stdout, count: new(int)} }

// Header begins the stream; a plan is printed now only when the number of results is known.
func (t *T) Header(planned int) {
	fmt.Fprintln(t.Writer, "TAP version 13")
	if planned > 0 {
		fmt.Fprintf(t.Writer, "1..%d\n", planned)
	}
}

func (t *T) Ok(passed bool, description string) {
	*t.count++
	result := "ok"
	if !passed {
		result = "not ok"
	}
	if t.todo {
		description = "# TODO " + description
	}
	fmt.Fprintf(t.Writer, "%s %d - %s\n", result, *t.count, description)
}

// Todo is the same stream, for a result that is expected to fail.
func (t *T) Todo() *T { return &T{Writer: t.Writer, count: t.count, todo: true} }

func (t *T) Pass(description string) { t.Ok(true, description) }

func (t *T) Fail(description string) { t.Ok(false, description) }

func (t *T) Skip(number int, why string) {
	for ; number > 0; number-- {
		*t.count++
		fmt.Fprintf(t.Writer, "ok %d # SKIP %s\n", *t.count, why)
	}
}

// AutoPlan ends a stream whose plan was not known when it began.
func (t *T) AutoPlan() { fmt.Fprintf(t.Writer, "1..%d\n", *t.count) }

func (t *T) Diagnostic(message string) {
	fmt.Fprintln(t.Writer, "# "+strings.ReplaceAll(message, "\n", "\n# "))
}

func (t *T) Diagnosticf(format string, values ...interface{}) {
	t.Diagnostic(fmt.Sprintf(format, values...))
}

// YAML adds details to the last result; JSON is a subset of YAML.
func (t *T) YAML(details interface{}) error {
	text, err := json.MarshalIndent(details, "  ", "  ")
	if err != nil {
		return err
	}
	fmt.Fprintf(t.Writer, "  ---\n  %s\n  ...\n", text)
	return nil
}
