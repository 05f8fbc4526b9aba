"""The page: landmarks of a photograph in the browser (demo/web_demo.py)."""
