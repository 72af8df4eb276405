"""The organisers' desk: the overview and the participants."""
