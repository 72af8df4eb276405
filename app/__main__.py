"""The site's own commands, as bin/serve runs them: `python -m app serve`.

`flask --app wsgi` knows them, too. It also loads the commands of extensions, which take memory
in every process that stays.
"""

if __name__ == "__main__":
    from wsgi import app

    with app.app_context():
        app.cli.main(prog_name="app")
