"""The estimators: scikit-learn's interface to the stages; no mathematics."""
