package source

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// The server's REST API: https://mlflow.org/docs/latest/api_reference/rest-api.html. Runs are searched for the names of their metrics;
// all values of one come page by page from metrics/get-history.

const (
	// What is asked for at once: experiments, runs (each with all its parameters and tags) and values.
	experimentsAtOnce, runsAtOnce, valuesAtOnce = 1000, 50, 1000
	// largestAnswer is how large an answer may be, in bytes.
	largestAnswer = 32 << 20
	// mostTries is how often a request is sent to a server that does not answer, or has too much to do.
	mostTries = 5
	// answerTime is how long an answer may take.
	answerTime = 2 * time.Minute
)

// server is an MLflow server that is read.
type server struct {
	client        *http.Client
	base          string
	authorization string
	secrets       []string // what no error may say
	experiments   []string // names or ids that are wanted; none is all
	runs          []string // ids that are wanted
	pause         func(context.Context, time.Duration) error
}

// openServer opens an address such as https://host/prefix?experiment=churn&run=ID, or as a browser shows it,
// https://host/#/experiments/1/runs/ID. It sends nothing yet.
func openServer(address string, options Options) (records, error) {
	s, err := newServer(address)
	if err != nil {
		return nil, err
	}
	return writtenBy(io.NopCloser(strings.NewReader("")), options, func(_ io.Reader, out *output) error { return s.read(out) }), nil
}

func newServer(address string) (*server, error) {
	const example = "write it as mlflow:https://host?experiment=NAME"
	at, err := url.Parse(address)
	switch {
	case err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http":
		return nil, errors.New("is no address of an MLflow server; " + example)
	case at.User != nil:
		return nil, errors.New("has a password in it, which logs and shells keep; take it out, and set MLFLOW_TRACKING_USERNAME and " +
			"MLFLOW_TRACKING_PASSWORD")
	case at.Scheme == "http" && !isLoopback(at.Hostname()):
		return nil, errors.New("is plain HTTP to another machine, which anyone on the way reads; use https, or a tunnel to localhost")
	}
	s := &server{base: at.Scheme + "://" + at.Host + strings.TrimSuffix(at.Path, "/") + "/api/2.0/mlflow/", pause: pause}
	query := at.Query()
	for name := range query {
		if name != "experiment" && name != "run" {
			return nil, fmt.Errorf("has %q in its query, and there is experiment and run; %s", name, example)
		}
	}
	s.experiments, s.runs = query["experiment"], query["run"]
	s.fromFragment(at.Fragment)
	s.signIn()
	// A request is sent to the host that was named, and to no other.
	s.client = &http.Client{
		Timeout:       answerTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return s, nil
}

// fromFragment reads what a browser shows: /experiments/1/runs/ID.
func (s *server) fromFragment(fragment string) {
	fragment, _, _ = strings.Cut(fragment, "?")
	words := strings.Split(strings.Trim(fragment, "/"), "/")
	if len(words) >= 4 && words[0] == "experiments" && words[2] == "runs" {
		s.runs = append(s.runs, words[3])
	} else if len(words) >= 2 && words[0] == "experiments" {
		s.experiments = append(s.experiments, words[1])
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// signIn takes the credentials that MLflow's own client takes, in its order.
func (s *server) signIn() {
	user, password := os.Getenv("MLFLOW_TRACKING_USERNAME"), os.Getenv("MLFLOW_TRACKING_PASSWORD")
	token := os.Getenv("MLFLOW_TRACKING_TOKEN")
	switch {
	case user != "" && password != "":
		basic := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
		s.authorization, s.secrets = "Basic "+basic, []string{basic, password}
	case token != "":
		s.authorization, s.secrets = "Bearer "+token, []string{token}
	}
}

func (s *server) read(out *output) error {
	for _, id := range s.runs {
		var said struct {
			Run runAnswer `json:"run"`
		}
		if err := s.get(out.ctx, "runs/get", url.Values{"run_id": {id}}, &said); err != nil {
			return err
		}
		names := map[string]string{}
		experiment, err := s.experiment(out.ctx, said.Run.Info.ExperimentID)
		if err != nil {
			return err
		}
		names[experiment.ID] = experiment.Name
		if err := s.run(out, said.Run, names); err != nil {
			return err
		}
	}
	if len(s.runs) > 0 && len(s.experiments) == 0 {
		return nil
	}
	experiments, err := s.wanted(out.ctx)
	if err != nil {
		return err
	}
	for _, experiment := range experiments {
		if err := s.runsOf(out, experiment); err != nil {
			return err
		}
	}
	return nil
}

type experimentAnswer struct {
	ID   string `json:"experiment_id"`
	Name string `json:"name"`
}

type runAnswer struct {
	Info struct {
		ID           string `json:"run_id"`
		UUID         string `json:"run_uuid"`
		Name         string `json:"run_name"`
		ExperimentID string `json:"experiment_id"`
	} `json:"info"`
	Data struct {
		Metrics []struct {
			Key string `json:"key"`
		} `json:"metrics"`
		Params []mlflowParam `json:"params"`
		Tags   []mlflowParam `json:"tags"`
	} `json:"data"`
}

// wanted is the experiments that are wanted.
func (s *server) wanted(ctx context.Context) ([]experimentAnswer, error) {
	var all []experimentAnswer
	for _, name := range s.experiments {
		experiment, err := s.experiment(ctx, name)
		if err != nil {
			return nil, err
		}
		all = append(all, experiment)
	}
	if len(s.experiments) > 0 {
		return all, nil
	}
	err := pages(func(token string) (string, error) {
		var said struct {
			Experiments []experimentAnswer `json:"experiments"`
			Next        string             `json:"next_page_token"`
		}
		body := map[string]any{"max_results": experimentsAtOnce}
		if token != "" {
			body["page_token"] = token
		}
		err := s.post(ctx, "experiments/search", body, &said)
		all = append(all, said.Experiments...)
		return said.Next, err
	})
	return all, err
}

// experiment finds an experiment by its name or its id.
func (s *server) experiment(ctx context.Context, name string) (experimentAnswer, error) {
	var said struct {
		Experiment experimentAnswer `json:"experiment"`
	}
	err := s.get(ctx, "experiments/get-by-name", url.Values{"experiment_name": {name}}, &said)
	if refused := (*refusal)(nil); errors.As(err, &refused) && refused.status == http.StatusNotFound {
		err = s.get(ctx, "experiments/get", url.Values{"experiment_id": {name}}, &said)
		if errors.As(err, &refused) && (refused.status == http.StatusNotFound || refused.status == http.StatusBadRequest) {
			err = fmt.Errorf("the server has no experiment %q, by name or by id; is it spelled so, and may you read it?", name)
		}
	}
	return said.Experiment, err
}

// runsOf reads the runs of an experiment that are not deleted.
func (s *server) runsOf(out *output, experiment experimentAnswer) error {
	names := map[string]string{experiment.ID: experiment.Name}
	return pages(func(token string) (string, error) {
		var said struct {
			Runs []runAnswer `json:"runs"`
			Next string      `json:"next_page_token"`
		}
		body := map[string]any{"experiment_ids": []string{experiment.ID}, "max_results": runsAtOnce, "run_view_type": "ACTIVE_ONLY"}
		if token != "" {
			body["page_token"] = token
		}
		if err := s.post(out.ctx, "runs/search", body, &said); err != nil {
			return "", err
		}
		for _, run := range said.Runs {
			if err := s.run(out, run, names); err != nil {
				return "", err
			}
		}
		return said.Next, nil
	})
}

func (s *server) run(out *output, answer runAnswer, experiments map[string]string) error {
	run := mlflowRun{experimentID: answer.Info.ExperimentID, experimentName: experiments[answer.Info.ExperimentID],
		id: answer.Info.ID, name: answer.Info.Name, params: answer.Data.Params}
	if run.id == "" {
		run.id = answer.Info.UUID
	}
	for _, tag := range answer.Data.Tags {
		if run.name == "" && tag.Key == "mlflow.runName" {
			run.name = tag.Value
		}
	}
	slices.SortFunc(run.params, func(a, b mlflowParam) int { return strings.Compare(a.Key, b.Key) })
	for _, metric := range answer.Data.Metrics {
		if err := s.history(out, &run, metric.Key); err != nil {
			return err
		}
	}
	return nil
}

// history reads all values of a metric.
func (s *server) history(out *output, run *mlflowRun, key string) error {
	at := place{path: strings.Join([]string{run.experimentID, run.id, key}, "/")}
	return pages(func(token string) (next string, err error) {
		query := url.Values{"run_id": {run.id}, "run_uuid": {run.id}, "metric_key": {key}, "max_results": {fmt.Sprint(valuesAtOnce)}}
		if token != "" {
			query.Set("page_token", token)
		}
		said, err := s.send(out.ctx, http.MethodGet, "metrics/get-history?"+query.Encode(), nil)
		if err != nil {
			return "", err
		}
		d := newDocument(bytes.NewReader(said))
		err = d.each(func(name string) error {
			switch name {
			case "next_page_token":
				next, _, err = d.scalar()
				return err
			case "metrics":
				return d.each(func(string) error {
					value := mlflowValue{key: key}
					into := map[string]*string{"value": &value.value, "timestamp": &value.timestamp, "step": &value.step,
						"dataset_name": &value.dataset, "dataset_digest": &value.digest}
					if err := d.each(func(name string) error {
						text, ok, err := d.scalar()
						if field := into[name]; ok && field != nil {
							*field = text
						}
						return err
					}); err != nil {
						return err
					}
					run.write(out, at, nil, value)
					return nil
				})
			}
			return nil
		})
		if err != nil {
			return "", fmt.Errorf("metrics/get-history answered what MLflow does not (%w); is it the address of MLflow's server?", err)
		}
		return next, nil
	})
}

// pages asks for one page after the other.
func pages(ask func(token string) (next string, err error)) error {
	seen := map[string]bool{}
	for token := ""; ; {
		next, err := ask(token)
		if err != nil || next == "" {
			return err
		}
		if seen[next] {
			return errors.New("the server gives the same page again and again; update it")
		}
		seen[next] = true
		token = next
	}
}

func (s *server) get(ctx context.Context, path string, query url.Values, into any) error {
	return s.decode(s.send(ctx, http.MethodGet, path+"?"+query.Encode(), nil))(path, into)
}

func (s *server) post(ctx context.Context, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return s.decode(s.send(ctx, http.MethodPost, path, text))(path, into)
}

func (s *server) decode(said []byte, err error) func(path string, into any) error {
	return func(path string, into any) error {
		if err != nil {
			return err
		}
		// Older servers write bare NaN.
		if err := json.NewDecoder(&readable{reader: bytes.NewReader(said)}).Decode(into); err != nil {
			return fmt.Errorf("%s answered no JSON (%w); is it the address of MLflow's server?", path, err)
		}
		return nil
	}
}

// refusal is an answer that is an error.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

// send sends a request, again where the server is gone for now or has too much to do, and returns its answer.
func (s *server) send(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	for try := 1; ; try++ {
		said, again, err := s.once(ctx, method, path, body)
		if err == nil || !again || try == mostTries || ctx.Err() != nil {
			return said, err
		}
		if err := s.pause(ctx, time.Second<<(try-1)); err != nil {
			return nil, err
		}
	}
}

func pause(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *server) once(ctx context.Context, method, path string, body []byte) (said []byte, again bool, err error) {
	request, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, false, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if s.authorization != "" {
		request.Header.Set("Authorization", s.authorization)
	}
	response, err := s.client.Do(request)
	if err != nil {
		var wrong *url.Error
		if errors.As(err, &wrong) {
			err = wrong.Err
		}
		return nil, true, fmt.Errorf("the server does not answer (%w)", err)
	}
	defer response.Body.Close()
	said, err = io.ReadAll(io.LimitReader(response.Body, largestAnswer+1))
	switch {
	case err != nil:
		return nil, true, fmt.Errorf("the server's answer breaks off (%w)", err)
	case len(said) > largestAnswer:
		return nil, false, fmt.Errorf("the server answers with more than %d bytes at once; a version that pages its answers does not",
			largestAnswer)
	case response.StatusCode == http.StatusOK:
		return said, false, nil
	}
	again = response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500
	return nil, again, s.refuse(response, said)
}

// refuse says what an answer means that is an error.
func (s *server) refuse(response *http.Response, said []byte) error {
	var fault struct {
		Message string `json:"message"`
	}
	text := fmt.Sprintf("the server answers %d", response.StatusCode)
	if json.Unmarshal(said, &fault) == nil && fault.Message != "" {
		for _, secret := range s.secrets {
			fault.Message = strings.ReplaceAll(fault.Message, secret, "...")
		}
		message, _, _ := strings.Cut(fault.Message, "\n")
		text += ": " + message[:min(len(message), 300)]
	}
	switch status := response.StatusCode; {
	case status == http.StatusUnauthorized:
		text += "; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
	case status == http.StatusForbidden:
		text += "; ask for the right to read"
	case status/100 == 3:
		text += "; it sends on to another address: name that one"
	}
	return &refusal{response.StatusCode, text}
}
