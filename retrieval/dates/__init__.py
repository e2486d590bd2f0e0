"""Words that say when: found in sentences and questions, and turned into days."""
