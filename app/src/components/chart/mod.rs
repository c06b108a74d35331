//! Charts of our own: every figure can be read, reached by keys and pressed, and none is told by colour alone.

mod bars;
mod line;

pub use bars::Bars;
pub use line::LineChart;

/// One figure that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What it is the figure of.
    pub label: String,
    pub value: f64,
    /// The figure in words.
    pub words: String,
    /// What it is beside the others, such as its share.
    pub aside: String,
    /// The place of its group in the answer.
    pub group: usize,
}

/// One line of several: what tells it apart, and its figures, with gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub name: String,
    pub marks: Vec<Option<Mark>>,
}
