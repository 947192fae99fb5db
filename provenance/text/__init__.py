"""Views of `Article.text`: folded words, sentences, quotations, dates, languages. The text itself is never changed."""
