"""One client a contender. A method of a case's name does its work once and gives how many operations that was."""
