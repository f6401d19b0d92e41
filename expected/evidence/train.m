function train(weight_scale, iterations)
% Question 1 in MATLAB, which also runs under Octave. It shares nothing with backprop.c
% but the data and the starting weights. Those come from a file, as MATLAB and Octave
% draw other random numbers than backprop.c. In the project's folder, write it once:
%
%     ./backprop --weight-scale 1 --print-weights > w.txt
%
% and then, in the same folder, in MATLAB:  addpath expected/evidence; train(0.1, 5000)
% or in a shell:  octave -q --eval "addpath expected/evidence; train(0.1, 5000)"
%
% The rows are those of expected/backprop_0.1.txt: iteration, train_loss, test_loss,
% train_accuracy, test_accuracy. With --seed K in the first command another start follows.

T = load('data/train.txt');  X = T(:, 2:end)' / 255;       y = T(:, 1)';
T = load('data/test.txt');   X_test = T(:, 2:end)' / 255;  y_test = T(:, 1)';
alpha = 0.1 / numel(y);

% The file has a row for each neuron, W3 first; its comments run from # to the line's end.
text = regexprep(fileread('w.txt'), '#[^\n]*', '');
w = weight_scale * sscanf(text, '%f');
W3 = w(1:80)';
W2 = reshape(w(81:8080), 100, 80)';
W1 = reshape(w(8081:end), 784, 100)';

for iteration = 1:iterations
    % forward
    h1 = max(W1 * X, 0);
    h2 = max(W2 * h1, 0);
    y_hat = W3 * h2;
    y_hat_test = W3 * max(W2 * max(W1 * X_test, 0), 0);

    % measured before the update
    fprintf('%d %.6g %.6g %.6g %.6g\n', iteration, loss(y, y_hat), ...
            loss(y_test, y_hat_test), accuracy(y, y_hat), accuracy(y_test, y_hat_test));

    % backward
    delta3 = y - y_hat;
    delta2 = (W3' * delta3) .* (h2 > 0);
    delta1 = (W2' * delta2) .* (h1 > 0);

    % update
    W3 = W3 + alpha * delta3 * h2';
    W2 = W2 + alpha * delta2 * h1';
    W1 = W1 + alpha * delta1 * X';
end
end

function L = loss(y, y_hat)  % divided by the number of examples
L = sum((y - y_hat) .^ 2) / 2 / numel(y);
end

function a = accuracy(y, y_hat)
a = mean(sign(y_hat) == y);
end
