"""Write a trained model as one ONNX file, from raw columns to the prediction."""
