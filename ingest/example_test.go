package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"cdktf-aimetrics/domain"
	"cdktf-aimetrics/ingest"
	"cdktf-aimetrics/metrics"
)

// A training loop sends its metrics while it runs. It needs a domain, such as one of compose.yaml after `aimetrics setup`.
func Example() {
	ctx := context.Background()
	client, err := domain.Connect(ctx, domain.Options{Endpoint: "http://localhost:9200"})
	if err != nil {
		log.Fatal(err)
	}
	in, err := ingest.New(ctx, client, ingest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	row := metrics.NewRow()
	for step := range int64(100) {
		row.Reset()
		row.SetTime("@timestamp", time.Now())
		row.Set("event.dataset", string(metrics.Training))
		row.Set("ml.run.id", "fraud-42")
		row.SetInteger("ml.step", step)
		row.AddMetric("loss", 1/float64(step)) // infinite at the first step, which is rejected by itself
		row.AddMetric("accuracy", 0.9)
		var rejection *metrics.Rejection
		if err := in.Add(ctx, row); errors.As(err, &rejection) {
			log.Print(rejection)
		} else if err != nil {
			log.Fatal(err)
		}
	}
	counts, err := in.Close(ctx)
	fmt.Println(counts)
	if err != nil {
		log.Fatal(err)
	}
}
