"""For analysts: answers of many people, the quality of scales, and a lab to try out weights."""
