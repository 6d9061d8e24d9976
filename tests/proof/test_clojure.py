"""The programs of the dictionary in Clojure, run by a real Clojure: one process, the logs as EDN."""

import shutil
import subprocess

import pytest

from glossary.domain.edn import write_edn
from glossary.illustrations import standalone
from tests.shipped import part_of, programs
from tests.simulator.conftest import Engine

pytestmark = pytest.mark.proof

# Each case is a file that runs by itself and what it has to print. Names are compared as texts: a program may keep
# the keywords of the log or not.
RUNNER = """
(require '[clojure.edn :as edn] '[clojure.walk :as walk])
(defn plain [value] (walk/postwalk #(cond (keyword? %) (name %) (sequential? %) (vec %) :else %) value))
(doseq [{:keys [term program expected]} (edn/read-string (slurp (first *command-line-args*)))]
  (binding [*ns* (create-ns (symbol (str "of-" term)))]
    (refer-clojure)
    (let [printed (try (with-out-str (load-string program)) (catch Throwable error (str "\\"" error "\\"")))]
      (when-not (= (plain (edn/read-string printed)) (plain expected))
        (println term "prints" printed)))))
(println "ran them all")
"""


def test_every_clojure_program_prints_what_its_figure_came_to(tmp_path):
    assert shutil.which("clojure"), "Clojure is not installed."
    engine = Engine()
    cases = [
        {
            "term": program.term,
            "program": standalone(program.text, "clojure", records=program.records, about=["Run."]),
            "expected": part_of(engine.simulate(program.given), program.path),
        }
        for program in programs("clojure")
    ]
    engine.close()
    assert cases
    (tmp_path / "cases.edn").write_text(write_edn(cases))
    (tmp_path / "runner.clj").write_text(RUNNER)
    done = subprocess.run(
        ["clojure", "runner.clj", "cases.edn"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.stdout, done.stderr) == ("ran them all\n", "")
