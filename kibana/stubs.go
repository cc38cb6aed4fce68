package kibana

func training(prefix string) dashboard  { return dashboard{name: "training", title: "Training runs"} }
func inference(prefix string) dashboard { return dashboard{name: "inference", title: "Inference"} }
func languageModels(prefix string) dashboard {
	return dashboard{name: "language", title: "Language models"}
}
func drift(prefix string) dashboard { return dashboard{name: "drift", title: "Drift and data quality"} }
